/// The words that tell what a document is, folded as `FoldedLine` does, in English, German, French, Spanish,
/// Italian, Dutch and Portuguese, with some of others where they are unmistakable.
enum ReceiptWords {
    static let training = Phrases(
        """
        TRAINING
        TRAINING MODE
        SCHULUNG
        SCHULUNGSMODUS
        TRAININGSBUCHUNG
        TRAININGSBELEG
        UBUNGSBELEG
        FORMATION
        MODE ECOLE
        ENTRENAMIENTO
        FORMACION
        FORMAZIONE
        ADDESTRAMENTO
        OEFENMODUS
        OEFENBON
        FORMACAO
        TREINO
        """)
    static let reprint = Phrases(
        """
        REPRINT
        REPRINTED
        DUPLICATE
        COPY
        2ND COPY
        KOPIE
        ZWEITSCHRIFT
        DUPLIKAT
        BELEGKOPIE
        NACHDRUCK
        WIEDERHOLUNGSDRUCK
        BELEGWIEDERHOLUNG
        BONKOPIE
        RECHNUNGSKOPIE
        DUPLICATA
        COPIE
        REIMPRESSION
        COPIA
        DUPLICADO
        REIMPRESION
        RISTAMPA
        DUPLICATO
        HERDRUK
        KOPIEBON
        DUPLICAAT
        SEGUNDA VIA
        2A VIA
        REIMPRESSAO
        KOPIA
        ДУБЛИКАТ
        再発行
        复印
        """)
    /// Copies that are handed out with the original.
    static let partyCopy = Phrases(
        """
        CUSTOMER COPY
        MERCHANT COPY
        CARDHOLDER COPY
        STORE COPY
        SHOP COPY
        RETAILER COPY
        KUNDENKOPIE
        HANDLERKOPIE
        COPIE CLIENT
        COPIE COMMERCANT
        COPIA CLIENTE
        COPIA PARA EL CLIENTE
        COPIA ESERCENTE
        COPIA COMERCIO
        KOPIE KLANT
        KOPIE KUNDE
        KOPIE HANDLER
        KEEP THIS COPY
        KLANTKOPIE
        """)
    static let postVoid = Phrases(
        """
        POST VOID
        POSTVOID
        VOIDED SALE
        VOID OF
        BELEGSTORNO
        NACHTRAGLICHES STORNO
        STORNO ZU
        ANNULATION DU TICKET
        ANULACION DE
        """)
    static let void = Phrases(
        """
        VOID
        VOIDED
        TRANSACTION VOID
        TRANSACTION VOIDED
        VOID RECEIPT
        CANCELLED
        CANCELED
        TRANSACTION CANCELLED
        SALE CANCELLED
        STORNO
        STORNOBELEG
        STORNIERT
        STORNOBUCHUNG
        ABBRUCH
        BELEGABBRUCH
        ANNULLIERT
        ANNULE
        ANNULEE
        ANNULATION
        TICKET ANNULE
        ANULADO
        ANULADA
        ANULACION
        ANNULLO
        ANNULLATO
        SCONTRINO ANNULLATO
        GEANNULEERD
        ANNULERING
        CANCELADO
        取消
        """)
    static let refund = Phrases(
        """
        REFUND
        REFUND RECEIPT
        RETURN
        RETURNS
        RETURN RECEIPT
        MERCHANDISE RETURN
        CREDIT NOTE
        RETOURE
        RUCKGABE
        RUCKNAHME
        GUTSCHRIFT
        ERSTATTUNG
        REMBOURSEMENT
        RETOUR
        AVOIR
        DEVOLUCION
        REEMBOLSO
        ABONO
        RESO
        RESO MERCE
        RIMBORSO
        TERUGGAVE
        RETOURBON
        CREDITNOTA
        DEVOLUCAO
        NOTA DE CREDITO
        返品
        """)
    static let exchange = Phrases(
        """
        EXCHANGE
        EXCHANGE RECEIPT
        UMTAUSCH
        UMTAUSCHBELEG
        ECHANGE
        CAMBIO DE ARTICULO
        CAMBIO MERCE
        SOSTITUZIONE
        RUILING
        RUILBON
        TROCA
        """)
    /// Words of a shop's terms: a line with one of them says nothing about the document itself.
    static let terms: Set<String> = [
        "POLICY", "WITHIN", "DAYS", "DAY", "TAGE", "TAGEN", "INNERHALB", "JOURS", "DIAS", "GIORNI", "DAGEN", "ACCEPTED",
        "ONLY",
        "KEEP", "PLEASE", "BITTE", "NO", "KEIN", "KEINE", "PAS", "SANS", "SIN", "SENZA", "GEEN", "SEM", "NOT", "NICHT",
        "YOUR",
        "IHR", "IHRE", "VOTRE", "THANK", "DANKE", "MERCI", "IF", "CONDITIONS", "POSSIBLE", "MAY", "CAN", "RATE",
    ]
    static let noSale = Phrases(
        """
        NO SALE
        NOSALE
        DRAWER OPEN
        OPEN DRAWER
        KEIN VERKAUF
        SCHUBLADE
        LADE OFFEN
        LADENOFFNUNG
        OUVERTURE TIROIR
        SANS VENTE
        SIN VENTA
        APERTURA CAJON
        APERTURA CASSETTO
        NESSUNA VENDITA
        LADE OPEN
        GEEN VERKOOP
        SEM VENDA
        ABERTURA GAVETA
        """)
    static let report = Phrases(
        """
        Z REPORT
        X REPORT
        END OF DAY
        END OF DAY REPORT
        DAILY REPORT
        SHIFT REPORT
        TAGESABSCHLUSS
        KASSENABSCHLUSS
        TAGESBERICHT
        Z BON
        X BON
        Z BERICHT
        X BERICHT
        FIN DE JOURNEE
        RAPPORT Z
        RAPPORT X
        CLOTURE
        INFORME Z
        CIERRE Z
        CIERRE DE CAJA
        CHIUSURA GIORNALIERA
        CHIUSURA FISCALE
        RAPPORTO Z
        DAGAFSLUITING
        DAGRAPPORT
        Z AFSLAG
        Z RAPPORT
        FECHO DE CAIXA
        FECHO DO DIA
        RELATORIO Z
        """)
    static let payIn = Phrases(
        """
        PAY IN
        PAID IN
        CASH IN
        EINZAHLUNG
        EINLAGE
        WECHSELGELDEINLAGE
        ENTREE DE CAISSE
        APPORT
        ENTRADA DE CAJA
        INGRESO DE CAJA
        VERSAMENTO
        FONDO CASSA
        STORTING
        ENTRADA DE CAIXA
        """)
    static let payOut = Phrases(
        """
        PAY OUT
        PAID OUT
        CASH OUT
        CASH DROP
        AUSZAHLUNG
        ENTNAHME
        ABSCHOPFUNG
        SORTIE DE CAISSE
        PRELEVEMENT
        SALIDA DE CAJA
        RETIRADA DE CAJA
        PRELIEVO
        OPNAME
        AFROMING
        SAIDA DE CAIXA
        SANGRIA
        """)
    static let cardSlip = Phrases(
        """
        APPROVED
        DECLINED
        AUTH CODE
        AUTHCODE
        AUTH
        APP CODE
        APPROVAL CODE
        TERMINAL ID
        TERMINAL
        TID
        MID
        AID
        MERCHANT
        MERCHANT ID
        MERCHANT COPY
        CARDHOLDER COPY
        CARDHOLDER
        SLIP
        TRAN TYPE
        PAN SEQ
        TSI
        TVR
        ARQC
        CONTACTLESS
        KONTAKTLOS
        GENEHMIGUNGS NR
        GENEHMIGT
        HANDLERBELEG
        KUNDENBELEG
        TERMINAL NR
        TRACE NR
        BELEG NR
        KARTENZAHLUNG
        SANS CONTACT
        AUTORISATION
        COMMERCANT
        CARTE BANCAIRE
        AUTORIZACION
        COMERCIO
        AUTORIZZAZIONE
        ESERCENTE
        TRANSACTIE
        AUTORISATIECODE
        AKKOORD
        """)
    static let kitchen = Phrases(
        """
        KITCHEN
        BAR ORDER
        TABLE
        TISCH
        KUCHE
        KUECHE
        THEKE
        BESTELLUNG
        CUISINE
        COMANDE
        MESA
        COCINA
        COMANDA
        CUCINA
        TAVOLO
        KEUKEN
        TAFEL
        COZINHA
        """)
    static let coupon = Phrases(
        """
        COUPON
        VOUCHER
        OFF YOUR NEXT
        GUTSCHEIN
        RABATTCODE
        BON DE REDUCTION
        CODE PROMO
        CUPON
        VALE
        BUONO SCONTO
        KORTINGSBON
        CUPAO
        TALAO DE DESCONTO
        """)
}
