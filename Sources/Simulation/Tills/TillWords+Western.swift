extension TillWords {
    static let american = TillWords(
        """
        shop: NORTHGATE MARKET | Harbor Grill | MODE & CO | Route 9 Fuel | Elm Street Pharmacy | Hammer & Nail
        address: 1400 Main Street, Springfield IL | 22 Harbor Rd, Portland ME
        taxNumber: EIN 00-0042731
        number: Receipt No: | Check # | Trans # | Invoice No. | Receipt:
        date: Date: | DATE
        time: Time: | TIME
        till: Register: | Reg | Lane
        cashier: Cashier: | Operator: | Served by
        server: Server:
        table: Table
        guests: Guests
        pump: Pump
        original: Original receipt: | Orig. Trans #
        subtotal: SUBTOTAL | Sub Total
        total: TOTAL | Total Due | AMOUNT DUE | Total
        rounding: Rounding
        discount: Discount | Markdown
        savings: You saved | TOTAL SAVINGS
        itemCount: TOTAL ITEMS | Items sold
        tax: Sales Tax | TAX
        net: Net
        gross: Gross
        taxIncluded: Tax
        cash: CASH | Cash tendered
        card: CREDIT CARD | VISA
        change: CHANGE | Change due
        tip: Tip
        loyalty: Member No: | Rewards card: | Loyalty:
        coupon: Coupon: | Promo code:
        order: Order No: | Pickup order:
        survey: Tell us about your visit at survey.example.com
        surveyCode: Survey code:
        article: Item
        size: Size
        prescription: Rx
        thanks: Thank you for shopping with us | Thank you, come again
        policy: Returns within 30 days with receipt | No refunds on opened items
        returned: *** REFUND *** | RETURN
        exchange: *** EXCHANGE *** | EXCHANGE RECEIPT
        void: *** VOID *** | TRANSACTION CANCELLED
        postVoid: *** POST VOID *** | POST VOID
        reprint: *** REPRINT *** | DUPLICATE RECEIPT
        training: *** TRAINING MODE *** | TRAINING
        noSale: NO SALE | DRAWER OPEN
        xReport: X REPORT | SHIFT REPORT
        zReport: Z REPORT | END OF DAY REPORT
        payIn: PAID IN | CASH IN
        payOut: PAID OUT | CASH DROP
        amount: Amount
        reason: Reason:
        turnover: GROSS SALES
        transactions: TRANSACTIONS
        slip: PURCHASE | CREDIT SALE
        merchantCopy: MERCHANT COPY
        customerCopy: CUSTOMER COPY
        terminal: Terminal ID:
        authorisation: AUTH CODE
        approved: APPROVED
        contactless: CONTACTLESS
        kitchen: KITCHEN | BAR ORDER
        couponHeading: COUPON | VOUCHER
        couponOffer: 10% off your next visit
        validUntil: Valid until
        """)

    static let british = TillWords(
        """
        shop: NORTHGATE FOODS | The Anchor Inn | MODE & SONS | Ring Road Fuel | High Street Chemist | Timber & Tools
        address: 14 High Street, Northgate | 3 Quay Lane, Bristol
        taxNumber: VAT Reg GB 999 0042 73
        number: Receipt No: | Bill No. | Trans: | Invoice No. | Ticket
        date: Date: | DATE
        time: Time: | TIME
        till: Till: | Till No | Till
        cashier: Cashier: | Operator: | Served by
        server: Server:
        table: Table
        guests: Covers
        pump: Pump
        original: Original receipt: | Original Trans:
        subtotal: SUBTOTAL | Sub-total
        total: TOTAL | Total to pay | BALANCE DUE | Total
        rounding: Rounding
        discount: Discount | Multibuy saving
        savings: You saved | TOTAL SAVINGS
        itemCount: TOTAL ITEMS | Items
        tax: VAT
        net: Net
        gross: Gross
        taxIncluded: VAT included
        cash: CASH | Cash
        card: CARD | VISA DEBIT
        change: CHANGE | Change due
        tip: Tip
        loyalty: Loyalty: | Member No: | Loyalty card:
        coupon: Coupon: | Voucher code:
        order: Collection: | Order No:
        survey: Tell us how we did: survey.example.co.uk
        surveyCode: Survey code:
        article: Art.
        size: Size
        prescription: Prescription
        thanks: Thank you for shopping with us | Thank you, please call again
        policy: Returns within 28 days with this receipt | Keep this receipt for your records
        returned: *** REFUND *** | REFUND RECEIPT
        exchange: *** EXCHANGE *** | EXCHANGE
        void: *** VOID *** | SALE CANCELLED
        postVoid: *** POST VOID *** | VOIDED SALE
        reprint: *** DUPLICATE *** | REPRINT
        training: *** TRAINING MODE *** | TRAINING
        noSale: NO SALE | DRAWER OPEN
        xReport: X REPORT | SHIFT REPORT
        zReport: Z REPORT | END OF DAY
        payIn: PAID IN | CASH IN
        payOut: PAID OUT | CASH DROP
        amount: Amount
        reason: Reason:
        turnover: GROSS SALES
        transactions: TRANSACTIONS
        slip: SALE | PURCHASE
        merchantCopy: MERCHANT COPY
        customerCopy: CARDHOLDER COPY
        terminal: TID:
        authorisation: AUTH CODE
        approved: APPROVED
        contactless: CONTACTLESS
        kitchen: KITCHEN | BAR ORDER
        couponHeading: VOUCHER | COUPON
        couponOffer: £5 off your next shop
        validUntil: Valid until
        """)

    static let french = TillWords(
        """
        shop: MARCHÉ DU NORD | Brasserie du Port | MODE & FILS | Relais Carburant | Pharmacie Centrale | BRICO OUTILS
        address: 12 rue de la Gare, 59000 Lille | 4 quai du Port, 13002 Marseille
        taxNumber: TVA FR00 999004273
        number: Ticket n° | Facture N° | Ticket : | Reçu n° | Note n°
        date: Date : | Le
        time: Heure : | à
        till: Caisse | Caisse n° | Caisse :
        cashier: Caissier : | Servi par | Vendeur :
        server: Servi par
        table: Table
        guests: Couverts
        pump: Pompe
        original: Ticket d'origine : | Origine ticket n°
        subtotal: SOUS-TOTAL | Sous total
        total: TOTAL | NET A PAYER | TOTAL TTC | Total à payer
        rounding: Arrondi
        discount: Remise | Réduction
        savings: Total remises
        itemCount: Total articles | Nombre d'articles
        tax: TVA
        net: HT
        gross: TTC
        taxIncluded: dont TVA
        cash: ESPECES | Espèces
        card: CARTE BANCAIRE | CB
        change: RENDU | Rendu monnaie
        tip: Pourboire
        loyalty: Carte fidélité : | Carte de fidélité n°
        coupon: Code promo : | Bon de réduction :
        order: Commande n° | Retrait :
        survey: Votre avis : avis.example.fr
        surveyCode: Code enquête :
        article: Réf.
        size: Taille
        prescription: Ordonnance
        thanks: Merci de votre visite | Merci et à bientôt
        policy: Échange sous 30 jours avec ce ticket | Conservez votre ticket
        returned: *** REMBOURSEMENT *** | AVOIR
        exchange: *** ECHANGE *** | ÉCHANGE
        void: *** ANNULATION *** | TICKET ANNULÉ
        postVoid: ANNULATION DU TICKET
        reprint: *** DUPLICATA *** | DUPLICATA
        training: *** FORMATION *** | MODE ECOLE
        noSale: OUVERTURE TIROIR | SANS VENTE
        xReport: RAPPORT X | LECTURE X
        zReport: RAPPORT Z | CLOTURE JOURNEE
        payIn: ENTREE DE CAISSE | APPORT
        payOut: SORTIE DE CAISSE | PRELEVEMENT
        amount: Montant
        reason: Motif :
        turnover: CHIFFRE D'AFFAIRES
        transactions: NOMBRE DE TICKETS
        slip: CARTE BANCAIRE | DEBIT
        merchantCopy: TICKET COMMERCANT
        customerCopy: TICKET CLIENT
        terminal: TERMINAL :
        authorisation: AUTORISATION
        approved: TRANSACTION ACCEPTEE
        contactless: SANS CONTACT
        kitchen: CUISINE | COMANDE
        couponHeading: BON DE REDUCTION
        couponOffer: 5 € offerts sur votre prochain achat
        validUntil: Valable jusqu'au
        """)

    static let portuguese = TillWords(
        """
        shop: MERCADO DO NORTE | Tasca do Porto | MODA & FILHOS | Posto da Estrada | Farmácia Central | BRICO CASA
        address: Rua da Estação 12, 4000 Porto | Cais do Porto 4, 1200 Lisboa
        taxNumber: NIF 999999990
        number: Fatura-Recibo n.º | Talão n.º | Fatura simplificada: | Recibo n.º
        date: Data: | Em
        time: Hora:
        till: Caixa | Caixa n.º
        cashier: Operador: | Atendido por
        server: Atendido por
        table: Mesa
        guests: Pessoas
        pump: Bomba
        original: Fatura de origem: | Origem recibo n.º
        subtotal: SUBTOTAL | Sub-total
        total: TOTAL | TOTAL A PAGAR | Valor total | Total
        rounding: Arredondamento
        discount: Desconto | Promoção
        savings: Total descontos
        itemCount: Total artigos
        tax: IVA
        net: Base
        gross: Total c/IVA
        taxIncluded: IVA incluído
        cash: NUMERARIO | Dinheiro
        card: MULTIBANCO | Cartão
        change: TROCO | Troco
        tip: Gorjeta
        loyalty: Cartão cliente: | Cartão de cliente n.º
        coupon: Cupão: | Talão de desconto:
        order: Encomenda: | Encomenda n.º
        survey: A sua opinião: opiniao.example.pt
        surveyCode: Código inquérito:
        article: Ref.
        size: Tamanho
        prescription: Receita
        thanks: Obrigado pela sua visita | Obrigado e volte sempre
        policy: Trocas em 30 dias com este talão | Guarde o seu talão
        returned: *** DEVOLUÇÃO *** | NOTA DE CRÉDITO
        exchange: *** TROCA *** | TROCA
        void: *** CANCELADO *** | CANCELADO
        postVoid: ANULAÇÃO DE FATURA | ANULAÇÃO DE RECIBO
        reprint: *** 2ª VIA *** | SEGUNDA VIA
        training: *** FORMAÇÃO *** | TREINO
        noSale: ABERTURA GAVETA | SEM VENDA
        xReport: RELATÓRIO X | LEITURA X
        zReport: RELATÓRIO Z | FECHO DO DIA
        payIn: ENTRADA DE CAIXA
        payOut: SAÍDA DE CAIXA | SANGRIA
        amount: Montante
        reason: Motivo:
        turnover: VENDAS BRUTAS
        transactions: NUMERO DE VENDAS
        slip: COMPRA
        merchantCopy: COPIA COMERCIANTE
        customerCopy: COPIA CLIENTE
        terminal: TERMINAL:
        authorisation: AUTORIZACAO
        approved: APROVADA
        contactless: CONTACTLESS
        kitchen: COZINHA
        couponHeading: TALÃO DE DESCONTO | CUPÃO
        couponOffer: 10% na próxima compra
        validUntil: Válido até
        """)
}
