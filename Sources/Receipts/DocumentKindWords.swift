/// The headings that say what a document is: those of `ReceiptWords`, and those of Swedish, Norwegian, Danish, Polish,
/// Japanese and Chinese tills.
enum DocumentKindWords {
    static let training =
        ReceiptWords.training
        + Phrases(
            """
            ÖVNING
            ÖVNINGSLÄGE
            ÖVNINGSKVITTO
            TRÄNING
            ØVELSE
            TRENING
            TRYB SZKOLENIOWY
            SZKOLENIE
            トレーニング
            トレーニングモード
            練習モード
            练习
            培训
            MODO FORMAÇÃO
            MODE FORMATION
            """)
    static let reprint =
        ReceiptWords.reprint
        + Phrases(
            """
            KVITTOKOPIA
            KVITTERINGSKOPI
            KOPI
            GENUDSKRIFT
            KOPIA PARAGONU
            DUPLIKAT PARAGONU
            2ª VIA
            再印字
            再発行レシート
            控え再発行
            补打
            重印
            """)
    static let partyCopy =
        ReceiptWords.partyCopy
        + Phrases(
            """
            TICKET CLIENT
            TICKET COMMERCANT
            CÓPIA COMERCIANTE
            CÓPIA DO COMERCIANTE
            CÓPIA DO CLIENTE
            CÓPIA TITULAR
            VIA DO CLIENTE
            VIA ESTABELECIMENTO
            BUTIKENS EX
            KUNDENS EX
            お客様控え
            加盟店控え
            """)
    static let postVoid =
        ReceiptWords.postVoid
        + Phrases(
            """
            EFTERHANDSMAKULERING
            MAKULERAT KVITTO
            ANULAÇÃO DE FATURA
            ANULAÇÃO DE RECIBO
            取引取消
            訂正取消
            整单取消
            """)
    static let void =
        ReceiptWords.void
        + Phrases(
            """
            AVBRUTET KÖP
            AVBRUTEN
            MAKULERAD
            MAKULERT
            ANNULLERET
            ANULOWANO
            ANULOWANY
            取引中止
            中止
            作废
            """)
    static let report =
        ReceiptWords.report
        + Phrases(
            """
            X RAPPORT
            X DAGRAPPORT
            Z DAGRAPPORT
            DAGSAVSLUT
            DAGSOPPGJØR
            RAPORT DOBOWY
            RAPORT ZMIANOWY
            LECTURE X
            LECTURE Z
            CLOTURE JOURNEE
            RELATÓRIO X
            LEITURA X
            LEITURA Z
            点検レポート
            X点検
            精算レポート
            Z精算
            日計
            日结
            交班
            """)
    static let payIn =
        ReceiptWords.payIn
        + Phrases(
            """
            INSÄTTNING
            VÄXELKASSA IN
            INNSKUDD
            WPŁATA DO KASY
            入金
            """)
    static let payOut =
        ReceiptWords.payOut
        + Phrases(
            """
            UTTAG
            UTBETALNING
            UTTAK
            WYPŁATA Z KASY
            出金
            """)
    static let noSale =
        ReceiptWords.noSale
        + Phrases(
            """
            LÅDÖPPNING
            INGEN FÖRSÄLJNING
            SKUFF ÅPEN
            OTWARCIE SZUFLADY
            両替
            ノーセール
            開錠
            开钱箱
            """)
    static let refund =
        ReceiptWords.refund
        + Phrases(
            """
            RETUR
            RETURKVITTO
            ÅTERKÖP
            ÅTERBETALNING
            REFUSJON
            ZWROT
            返金
            返品レシート
            退货
            退款
            """)
    static let exchange =
        ReceiptWords.exchange
        + Phrases(
            """
            BYTE
            BYTESKVITTO
            BYTTE
            WYMIANA
            交換
            交換レシート
            换货
            """)
    static let cardSlip =
        ReceiptWords.cardSlip
        + Phrases(
            """
            TERM
            KORTKÖP
            GODKÄNT
            KONTAKTLÖST
            BUTIKENS EX
            KUNDENS EX
            APPROVATA
            APROVADA
            AUTORIZACAO
            COMPRA
            COMERCIANTE
            TRANSACTION ACCEPTEE
            DEBIT
            TERMINAL ID
            クレジット売上票
            売上票
            端末番号
            承認番号
            承認
            タッチ決済
            加盟店控え
            お客様控え
            商户存根
            持卡人存根
            授权码
            终端号
            """)
    static let kitchen =
        ReceiptWords.kitchen
        + Phrases(
            """
            KÖKET
            KÖK
            BAREN
            BORD
            KUCHNIA
            厨房
            キッチン
            テーブル
            桌号
            后厨
            """)
    static let coupon =
        ReceiptWords.coupon
        + Phrases(
            """
            RABATTKUPONG
            VÄRDECHECK
            KUPONG
            KUPON
            クーポン券
            割引券
            クーポン
            优惠券
            """)
}
