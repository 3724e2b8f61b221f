extension TillWords {
    static let german = TillWords(
        """
        shop: NORDMARKT | Gasthaus zum Anker | MODE & SÖHNE | Tankhof Nord | Markt-Apotheke | BAUHOF WERKZEUG
        address: Bahnhofstraße 12, 23552 Lübeck | Am Hafen 4, 20459 Hamburg
        taxNumber: USt-IdNr. DE999004273
        number: Beleg-Nr.: | Rechnung Nr. | Bon-Nr.: | Kassenbon Nr. | Bon
        date: Datum: | vom
        time: Uhrzeit: | Zeit
        till: Kasse: | Kasse Nr. | Kasse
        cashier: Kassierer: | Bediener: | Es bediente Sie
        server: Es bediente Sie
        table: Tisch
        guests: Gäste
        pump: Säule
        original: Ursprungsbeleg Nr. | zu Beleg-Nr.:
        subtotal: ZWISCHENSUMME | Zwischensumme
        total: SUMME | Gesamtbetrag | ZU ZAHLEN | Total
        rounding: Rundung
        discount: Rabatt | Aktionsrabatt
        savings: Sie sparen | Ersparnis gesamt
        itemCount: Artikel gesamt | Anzahl Artikel
        tax: MwSt
        net: Netto
        gross: Brutto
        taxIncluded: enth. MwSt
        cash: BAR | Gegeben Bar
        card: EC-KARTE | Kartenzahlung
        change: RÜCKGELD | Zurück
        tip: Trinkgeld
        loyalty: Kundenkarte: | Kundennummer: | Treuekarte:
        coupon: Coupon: | Gutscheincode:
        order: Bestellnummer: | Abholung:
        survey: Ihre Meinung: umfrage.example.de
        surveyCode: Umfragecode:
        article: Art.-Nr.
        size: Gr.
        prescription: Rezept
        thanks: Vielen Dank für Ihren Einkauf | Danke und auf Wiedersehen
        policy: Umtausch innerhalb von 30 Tagen mit Bon | Bitte Beleg aufbewahren
        returned: *** RÜCKGABE *** | RETOURE
        exchange: *** UMTAUSCH *** | UMTAUSCHBELEG
        void: *** ABBRUCH *** | STORNIERT
        postVoid: BELEGSTORNO | *** BELEGSTORNO ***
        reprint: *** KOPIE *** | BELEGKOPIE
        training: *** TRAININGSBUCHUNG *** | SCHULUNG
        noSale: KEIN VERKAUF | LADENÖFFNUNG
        xReport: X-BERICHT | X-BON
        zReport: Z-BERICHT | TAGESABSCHLUSS
        payIn: EINZAHLUNG | WECHSELGELDEINLAGE
        payOut: AUSZAHLUNG | ENTNAHME
        amount: Betrag
        reason: Grund:
        turnover: BRUTTOUMSATZ
        transactions: ANZAHL BONS
        slip: KARTENZAHLUNG
        merchantCopy: HÄNDLERBELEG
        customerCopy: KUNDENBELEG
        terminal: Terminal-ID:
        authorisation: Genehmigungs-Nr.
        approved: GENEHMIGT
        contactless: KONTAKTLOS
        kitchen: KÜCHE | THEKE
        couponHeading: GUTSCHEIN
        couponOffer: 10% auf Ihren nächsten Einkauf
        validUntil: Gültig bis zum
        """)

    static let swedish = TillWords(
        """
        shop: NORRMARKNAD | Krogen Ankaret | MODE & SÖNER | Vägkrysset Drivmedel | Apoteket Torget | BYGG & VERKTYG
        address: Stationsgatan 12, 211 20 Malmö | Hamngatan 4, 411 14 Göteborg
        taxNumber: Org.nr 999904-2731
        number: Kvitto nr: | Nota nr | Kvittonr: | Kvitto
        date: Datum: | Datum
        time: Tid: | Kl
        till: Kassa: | Kassa nr | Kassa
        cashier: Kassör: | Expedit: | Säljare:
        server: Servitör:
        table: Bord
        guests: Gäster
        pump: Pump
        original: Ursprungligt kvitto: | Originalkvitto nr:
        subtotal: DELSUMMA | Delsumma
        total: TOTALT | ATT BETALA | SUMMA | Total
        rounding: Öresavrundning
        discount: Rabatt | Kampanj
        savings: Du sparade | Total rabatt
        itemCount: Antal varor
        tax: Moms
        net: Netto
        gross: Brutto
        taxIncluded: varav moms
        cash: KONTANT | Kontant
        card: KONTOKORT | Bankkort
        change: TILLBAKA | Växel
        tip: Dricks
        loyalty: Kundkort: | Medlemsnr:
        coupon: Rabattkod: | Kupong:
        order: Ordernr: | Beställning:
        survey: Tyck till: svar.example.se
        surveyCode: Enkätkod:
        article: Art.nr
        size: Strl
        prescription: Recept
        thanks: Tack och välkommen åter | Tack för ditt köp
        policy: Öppet köp 30 dagar mot kvitto | Spara kvittot
        returned: *** RETUR *** | ÅTERKÖP
        exchange: *** BYTE *** | BYTESKVITTO
        void: *** AVBRUTET KÖP *** | MAKULERAD
        postVoid: *** MAKULERAT KVITTO *** | EFTERHANDSMAKULERING
        reprint: *** KOPIA *** | KVITTOKOPIA
        training: *** ÖVNING *** | ÖVNINGSLÄGE
        noSale: LÅDÖPPNING | INGEN FÖRSÄLJNING
        xReport: X-RAPPORT | X-DAGRAPPORT
        zReport: Z-RAPPORT | Z-DAGRAPPORT
        payIn: INSÄTTNING | VÄXELKASSA IN
        payOut: UTTAG | UTBETALNING
        amount: Belopp
        reason: Orsak:
        turnover: BRUTTOFÖRSÄLJNING
        transactions: ANTAL KVITTON
        slip: KORTKÖP
        merchantCopy: BUTIKENS EX
        customerCopy: KUNDENS EX
        terminal: Term:
        authorisation: Auktorisation
        approved: GODKÄNT
        contactless: KONTAKTLÖST
        kitchen: KÖKET | BAREN
        couponHeading: RABATTKUPONG | VÄRDECHECK
        couponOffer: 10% på ditt nästa köp
        validUntil: Gäller till
        """)

    static let japanese = TillWords(
        """
        shop: 北町マーケット | 港食堂 | モード商会 | 街道石油 | 駅前薬局 | 大工道具センター
        address: 東京都北区北町1-2-3 | 横浜市中区港町4-5
        taxNumber: 登録番号 T9999000042731
        number: レシートNo. | 伝票番号: | 取引No. | No.
        date: 日付 | 日時
        time: 時刻
        till: レジ | レジ番号
        cashier: 担当: | 責任者:
        server: 担当:
        table: テーブル
        guests: 人数
        pump: 計量機
        original: 元レシートNo. | 元取引No.
        subtotal: 小計
        total: 合計 | お買上合計 | 合計金額 | ご請求額
        rounding: 端数調整
        discount: 値引 | 割引
        savings: 値引合計
        itemCount: お買上点数 | 点数
        tax: 消費税
        net: 対象額
        gross: 税込
        taxIncluded: 内消費税等
        cash: 現金 | お預り
        card: クレジット | カード
        change: お釣り | おつり
        tip: サービス料
        loyalty: 会員番号: | 会員No.
        coupon: クーポン: | クーポンコード:
        order: 注文番号: | 受取番号:
        survey: アンケート: survey.example.jp
        surveyCode: アンケート番号:
        article: 品番
        size: サイズ
        prescription: 処方箋
        thanks: ありがとうございました | またのご来店をお待ちしております
        policy: 返品は30日以内にレシートをお持ちください | レシートは大切に保管してください
        returned: *** 返品 *** | 返金
        exchange: *** 交換 *** | 交換レシート
        void: *** 取引中止 *** | 取消
        postVoid: *** 取引取消 *** | 訂正取消
        reprint: *** 再発行 *** | 再印字
        training: *** トレーニング *** | 練習モード
        noSale: 両替 | ノーセール
        xReport: 点検レポート | X点検
        zReport: 精算レポート | Z精算
        payIn: 入金
        payOut: 出金
        amount: 金額
        reason: 理由:
        turnover: 総売上
        transactions: 取引件数
        slip: クレジット売上票
        merchantCopy: 加盟店控え
        customerCopy: お客様控え
        terminal: 端末番号:
        authorisation: 承認番号
        approved: 承認
        contactless: タッチ決済
        kitchen: 厨房 | キッチン
        couponHeading: クーポン券 | 割引券
        couponOffer: 次回10%引き
        validUntil: 有効期限
        """)
}
