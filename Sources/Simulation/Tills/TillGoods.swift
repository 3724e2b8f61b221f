/// What the trades sell: five articles a trade with a base price, and their names in each language.
enum TillGoods {
    /// Base prices in euro cents; a locale scales them to its currency.
    static let prices: [TillLayout: [Int64]] = [
        .supermarket: [129, 95, 249, 1049, 369], .restaurant: [390, 1450, 850, 620, 1290],
        .fashion: [1995, 4990, 12_950, 899, 7995], .petrol: [179, 169, 199, 349, 120],
        .pharmacy: [895, 1249, 579, 2310, 450], .hardware: [499, 299, 1895, 12_499, 79],
        .kiosk: [320, 180, 850, 250, 110], .department: [2999, 6495, 1599, 18_900, 1250],
    ]

    /// Five names for each trade, in the order of `TillLayout.allCases`, one trade a line, divided by bars.
    static func names(_ table: String) -> [TillLayout: [String]] {
        var names: [TillLayout: [String]] = [:]
        for (layout, line) in zip(TillLayout.allCases, table.split(separator: "\n")) {
            names[layout] = line.split(separator: "|").map { name in
                let text = name.drop { $0 == " " }
                return String(text.last == " " ? text.dropLast() : text)
            }
        }
        return names
    }

    static let english = names(
        """
        Whole milk 2 L | Sliced bread | Cheddar 200 g | Ground coffee | Orange juice
        Lemonade | Fish and chips | Tomato soup | House salad | Red wine
        T-shirt blue | Chino trousers | Winter jacket | Socks 3 pack | Leather belt
        Unleaded 95 | Diesel | Super 98 | Screenwash | Chewing gum
        Nasal spray | Ibuprofen 400 | Plasters | Vitamin D3 | Cough drops
        Wood screws | Sand loose | Claw hammer | Cordless drill | Hex nut
        Magazine | Iced tea | Cigarettes | Newspaper | Chocolate bar
        Ceramic bowl | Desk lamp | Photo frame | Duvet set | Bath towel
        """)
    static let german = names(
        """
        Vollmilch 3,5% | Toastbrot | Gouda jung | Kaffee gemahlen | Orangensaft
        Limonade | Schnitzel | Tomatensuppe | Salatteller | Rotwein
        T-Shirt blau | Chinohose | Winterjacke | Socken 3er | Ledergürtel
        Super E10 | Diesel | Super Plus | Scheibenreiniger | Kaugummi
        Nasenspray | Ibuprofen 400 | Pflaster | Vitamin D3 | Hustenbonbons
        Holzschrauben | Sand lose | Zimmermannshammer | Akkuschrauber | Sechskantmutter
        Zeitschrift | Eistee | Zigaretten | Tageszeitung | Schokoriegel
        Keramikschale | Tischleuchte | Bilderrahmen | Bettwäsche | Badetuch
        """)
    static let french = names(
        """
        Lait entier | Pain de mie | Gruyère râpé | Café moulu | Jus d'orange
        Limonade | Steak frites | Soupe à l'oignon | Salade verte | Vin rouge
        T-shirt bleu | Pantalon chino | Veste d'hiver | Chaussettes | Ceinture cuir
        SP95-E10 | Gazole | SP98 | Lave-glace | Chewing-gum
        Spray nasal | Ibuprofène | Pansements | Vitamine D3 | Pastilles
        Vis à bois | Sable vrac | Marteau | Perceuse | Écrou hexagonal
        Magazine | Thé glacé | Cigarettes | Journal | Barre chocolat
        Bol céramique | Lampe de bureau | Cadre photo | Parure de lit | Drap de bain
        """)
    static let swedish = names(
        """
        Mjölk 3% | Rostbröd | Hushållsost | Bryggkaffe | Apelsinjuice
        Läsk | Köttbullar | Tomatsoppa | Grönsallad | Rödvin
        T-shirt blå | Chinos | Vinterjacka | Strumpor 3-p | Läderbälte
        Bensin 95 | Diesel | Bensin 98 | Spolarvätska | Tuggummi
        Nässpray | Ibuprofen | Plåster | Vitamin D3 | Halstabletter
        Träskruv | Sand lös | Snickarhammare | Skruvdragare | Sexkantsmutter
        Tidskrift | Iste | Cigaretter | Dagstidning | Chokladbit
        Keramikskål | Bordslampa | Fotoram | Påslakan | Badlakan
        """)
    static let portuguese = names(
        """
        Leite gordo | Pão de forma | Queijo flamengo | Café moído | Sumo de laranja
        Limonada | Bacalhau à Brás | Sopa de tomate | Salada verde | Vinho tinto
        T-shirt azul | Calças chino | Casaco inverno | Meias 3 pares | Cinto de couro
        Gasolina 95 | Gasóleo | Gasolina 98 | Limpa-vidros | Pastilha elástica
        Spray nasal | Ibuprofeno | Pensos | Vitamina D3 | Rebuçados
        Parafusos | Areia avulso | Martelo | Berbequim | Porca sextavada
        Revista | Chá gelado | Tabaco | Jornal | Chocolate
        Taça cerâmica | Candeeiro | Moldura | Capa edredão | Toalha banho
        """)
    static let japanese = names(
        """
        牛乳 | 食パン | チーズ | コーヒー豆 | オレンジジュース
        ビール | 焼魚定食 | 味噌汁 | サラダ | 日本酒
        Tシャツ青 | チノパンツ | 冬ジャケット | 靴下三足組 | 革ベルト
        レギュラー | 軽油 | ハイオク | ウォッシャー液 | ガム
        点鼻スプレー | 鎮痛薬 | 絆創膏 | ビタミン剤 | のど飴
        木ネジ | 砂バラ | 金槌 | 電動ドリル | 六角ナット
        雑誌 | アイスティー | たばこ | 新聞 | チョコバー
        陶器ボウル | デスクライト | 写真立て | 布団カバー | バスタオル
        """)
}
