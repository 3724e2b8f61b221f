/// The words that tell what a single line of a receipt is.
extension ReceiptWords {
    /// Lines between the items that are no items.
    static let notItem = Phrases(
        """
        TAX
        VAT
        GST
        HST
        PST
        MWST
        UST
        TVA
        IVA
        BTW
        NET
        NETTO
        BRUTTO
        SUBTOTAL
        SUB TOTAL
        SOUS TOTAL
        SUBTOTALE
        SUBTOTAAL
        ZWISCHENSUMME
        TUSSENTOTAAL
        ROUNDING
        RUNDUNG
        CHANGE
        BALANCE
        MOMS
        DELSUMMA
        MELLANSUMMA
        小計
        消費税
        TIP
        GRATUITY
        TRINKGELD
        POURBOIRE
        GORJETA
        PROPINA
        DRICKS
        サービス料
        ARRONDI
        ARREDONDAMENTO
        AFRONDING
        ORESAVRUNDNING
        AVRUNDNING
        端数調整
        """)
    /// What guests add to the goods.
    static let tip = Phrases(
        "TIP\nGRATUITY\nTRINKGELD\nPOURBOIRE\nGORJETA\nPROPINA\nDRICKS\nサービス料")
    /// What is added because small coins are no longer used.
    static let rounding = Phrases(
        "ROUNDING\nRUNDUNG\nARRONDI\nARREDONDAMENTO\nAFRONDING\nORESAVRUNDNING\nAVRUNDNING\n端数調整")
    static let tax = Phrases(
        """
        TAX
        VAT
        GST
        HST
        PST
        """)
    static let change = Phrases(
        """
        CHANGE
        CHANGE DUE
        RUCKGELD
        WECHSELGELD
        ZURUCK
        RENDU
        RENDU MONNAIE
        MONNAIE
        A RENDRE
        CAMBIO
        VUELTO
        RESTO
        WISSELGELD
        TERUG
        TROCO
        TILLBAKA
        VAXEL
        お釣り
        おつり
        釣銭
        """)
    /// Tender types in the order in which they are tried, with their words.
    static let tenders: [(type: String, phrases: Phrases)] = [
        (
            "gift_card",
            Phrases(
                "GIFT CARD\nGIFTCARD\nGESCHENKKARTE\nCARTE CADEAU\nTARJETA REGALO\nCARTA REGALO\nCADEAUKAART\nCARTAO PRESENTE"
            )
        ),
        (
            "voucher",
            Phrases(
                "VOUCHER\nCREDIT NOTE\nGUTSCHEIN\nTICKET RESTAURANT\nCHEQUE CADEAU\nBON D ACHAT\nVALE\nBUONO\nBUONI PASTO\nTEGOEDBON\nCADEAUBON"
            )
        ),
        (
            "mobile",
            Phrases(
                "APPLE PAY\nGOOGLE PAY\nPAYPAL\nALIPAY\nWECHAT\nMBWAY\nMB WAY\nBIZUM\nTWINT\nSWISH\nIDEAL\nSATISPAY\nLYDIA\nPAYCONIQ"
            )
        ),
        (
            "card",
            Phrases(
                "CARD\nCREDIT\nDEBIT\nVISA\nMASTERCARD\nMASTER CARD\nMAESTRO\nAMEX\nAMERICAN EXPRESS\nDISCOVER\nEFT\nEFTPOS\nGIROCARD\nEC KARTE\nEC CASH\nEC\nKARTE\nKREDITKARTE\nKARTENZAHLUNG\nCARTE\nCARTE BANCAIRE\nCB\nTARJETA\nCARTA\nCARTA DI CREDITO\nBANCOMAT\nPAGAMENTO ELETTRONICO\nPIN\nPINPAS\nPINNEN\nBANCONTACT\nMULTIBANCO\nCARTAO\nKONTOKORT\nBANKKORT\nKORTBETALNING\nKORT\nクレジット\nカード\nVPAY\nV PAY"
            )
        ),
        ("cheque", Phrases("CHEQUE\nCHECK\nSCHECK\nASSEGNO")),
        ("account", Phrases("ON ACCOUNT\nACCOUNT\nRECHNUNG\nAUF RECHNUNG\nEN COMPTE\nA CREDITO\nOP REKENING")),
        (
            "cash",
            Phrases(
                "CASH\nBAR\nBARGELD\nBARZAHLUNG\nGEGEBEN\nGEGEBEN BAR\nESPECES\nEFECTIVO\nCONTANTI\nPAGAMENTO CONTANTE\nCONTANTE\nCONTANT\nNUMERARIO\nDINHEIRO\nKONTANT\nKONTANTER\n現金\nお預り\nお預かり"
            )
        ),
        (
            "other",
            Phrases(
                "TENDERED\nTENDER\nPAYMENT\nPAID\nGEGEBEN\nZAHLUNG\nBEZAHLT\nREGLEMENT\nPAGO\nPAGATO\nBETAALD\nPAGAMENTO"
            )
        ),
    ]
}
