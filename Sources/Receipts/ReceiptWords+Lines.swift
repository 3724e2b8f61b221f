/// The words that tell what a single line of a receipt is.
extension ReceiptWords {
    /// Lines between the items that are no items.
    static let notItem = [[String]](
        phrases: """
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
            """)
    static let tax = [[String]](
        phrases: """
            TAX
            VAT
            GST
            HST
            PST
            """)
    static let change = [[String]](
        phrases: """
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
            """)
    /// Tender types in the order in which they are tried, with their words.
    static let tenders: [(type: String, phrases: [[String]])] = [
        (
            "gift_card",
            .init(
                phrases:
                    "GIFT CARD\nGIFTCARD\nGESCHENKKARTE\nCARTE CADEAU\nTARJETA REGALO\nCARTA REGALO\nCADEAUKAART\nCARTAO PRESENTE"
            )
        ),
        (
            "voucher",
            .init(
                phrases:
                    "VOUCHER\nCREDIT NOTE\nGUTSCHEIN\nTICKET RESTAURANT\nCHEQUE CADEAU\nBON D ACHAT\nVALE\nBUONO\nBUONI PASTO\nTEGOEDBON\nCADEAUBON"
            )
        ),
        (
            "mobile",
            .init(
                phrases:
                    "APPLE PAY\nGOOGLE PAY\nPAYPAL\nALIPAY\nWECHAT\nMBWAY\nMB WAY\nBIZUM\nTWINT\nSWISH\nIDEAL\nSATISPAY\nLYDIA\nPAYCONIQ"
            )
        ),
        (
            "card",
            .init(
                phrases:
                    "CARD\nCREDIT\nDEBIT\nVISA\nMASTERCARD\nMASTER CARD\nMAESTRO\nAMEX\nAMERICAN EXPRESS\nDISCOVER\nEFT\nEFTPOS\nGIROCARD\nEC KARTE\nEC CASH\nEC\nKARTE\nKREDITKARTE\nKARTENZAHLUNG\nCARTE\nCARTE BANCAIRE\nCB\nTARJETA\nCARTA\nCARTA DI CREDITO\nBANCOMAT\nPAGAMENTO ELETTRONICO\nPIN\nPINPAS\nPINNEN\nBANCONTACT\nMULTIBANCO\nCARTAO\nVPAY\nV PAY"
            )
        ),
        ("cheque", .init(phrases: "CHEQUE\nCHECK\nSCHECK\nASSEGNO")),
        ("account", .init(phrases: "ON ACCOUNT\nACCOUNT\nRECHNUNG\nAUF RECHNUNG\nEN COMPTE\nA CREDITO\nOP REKENING")),
        (
            "cash",
            .init(
                phrases:
                    "CASH\nBAR\nBARGELD\nBARZAHLUNG\nGEGEBEN\nGEGEBEN BAR\nESPECES\nEFECTIVO\nCONTANTI\nPAGAMENTO CONTANTE\nCONTANTE\nCONTANT\nNUMERARIO\nDINHEIRO"
            )
        ),
        (
            "other",
            .init(
                phrases:
                    "TENDERED\nTENDER\nPAYMENT\nPAID\nGEGEBEN\nZAHLUNG\nBEZAHLT\nREGLEMENT\nPAGO\nPAGATO\nBETAALD\nPAGAMENTO"
            )
        ),
    ]
}
