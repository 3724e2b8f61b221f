extension ReceiptPatterns {
    /// The lists for receipts of English, German, French, Spanish, Italian, Dutch and Portuguese tills.
    package static let standard: ReceiptPatterns = {
        var patterns = ReceiptPatterns()
        let receipt =
            "receipt|rcpt|invoice|ticket|tkt|bill|check|chk|transaction|trans?|txn|trx|tr|slip|docket|sale"
            + "|kassenbon|bon|beleg|rechnungs?|rechn|rg|quittungs?|kassenzettel|facture|re[çc]u|note"
            + "|factura(?:\\s+simplificada)?|recibo|tique|scontrino|documento|ricevuta|fattura|doc"
            + "|kassabon|factuur|fatura(?:[\\s-](?:simplificada|recibo))?|tal[ãa]o|venda|kvitto|nota|paragon"
        let mark = "(?:numm?er|n[úu]mero|num[ée]ro|num|n[úu]m|nro|nr|no|id|n)(?![a-z])\\.?\\s*[°ºo]?|n?[°º]|[#№]"
        let code = "((?=[A-Z0-9/._\\-]*[0-9])[A-Z0-9][A-Z0-9/._\\-]*)"
        patterns.number = [
            "\\b(?:FT|FS|FR|NC)\\s+([A-Z0-9]+/[0-9]+)",
            "\\b(?:\(receipt))[ .\\-]*(?:\(mark))\\s*[.:#]*\\s*\(code)",
            "\\b(?:\(receipt))\\s*:\\s*\(code)",
            "(?:レシート|伝票|取引|領収書|会計)\\s*(?:no|番号|№|#)?\\s*[.:：]*\\s*\(code)",
            "\\bkvittonr\\s*[.:]*\\s*\(code)",
            // A short receipt's last line: date, time and number.
            "[0-9][:h時][0-9]{2}.*\\s#\(code)\\s*$",
            "^\\s*(?:no|nr|n[°º])\\s*[.:]+\\s*((?=[A-Z0-9/\\-]*[0-9]{3})[A-Z0-9][A-Z0-9/\\-]*)",
            "\\b(?:receipt|rcpt|invoice|ticket|transaction|trans?|txn|trx|kvitto|nota|bon|beleg|rechnung|scontrino|kassabon|factura|recibo)"
                + "\\s+((?=[A-Z0-9/\\-]*[0-9]{3})[A-Z0-9][A-Z0-9/\\-]*)(?![.,:/][0-9])",
        ]
        patterns.originalNumber = [
            "\\b(?:original|orig\\.?|ursprungs?|urspr\\.?|origine?|originale?|origineel|ursprungligt|zu|von|for|of|du|del|van)"
                + "[ .\\-]*(?:\(receipt))[ .\\-]*(?:\(mark))?\\s*[.:#]*\\s*\(code)",
            "(?:元(?:レシート|伝票|取引)|originalkvitto|ticket\\s+d.origine|fatura\\s+de\\s+origem)\\s*(?:\(mark))?\\s*[.:：]*\\s*\(code)",
            "\\b(?:void(?:ed|s)?|refund(?:ed|s)?|return(?:ed|s)?|storno|annul\\w*|anula\\w*|reso|retour)\\b.*?"
                + "\\b(?:\(receipt))[ .\\-]*(?:\(mark))?\\s*[.:#]*\\s*\(code)",
        ]
        patterns.total = [
            "\\b(?:grand\\s+total|total\\s+(?:due|to\\s+pay|payable|amount|price|sale)|amount\\s+(?:due|payable)|balance\\s+due"
                + "|zu\\s+zahlen|zahlbetrag|gesamtbetrag|gesamtsumme|endbetrag|endsumme|rechnungsbetrag"
                + "|total\\s+ttc|net\\s+[àa]\\s+payer|montant\\s+(?:d[ûu]|total|ttc)|total\\s+[àa]\\s+(?:payer|pagar)"
                + "|importe\\s+total|totale?\\s+(?:complessivo|euro?)|importo\\s+(?:pagato|totale)"
                + "|te\\s+betalen|totaalbedrag|total\\s+geral|valor\\s+total|att\\s+betala|totalsumma|totalbelopp"
                + "|do\\s+zap[łl]aty)\\b|ご請求額|合計金額|総合計|お買上合計",
            "\\b(?:total|totale|totaal|summe|gesamt|betrag|totaux|importe|totalt|summa|suma)\\b|合计|合計|总计|總計|应收金额",
        ]
        patterns.notTotal = [
            "\\b(?:sub|sous|zwischen|tussen)[ -]*(?:totale?|totaal|summe)\\b|\\bsubtot",
            "\\b(?:total|totale|totaal|summe|gesamt|betrag)\\W*(?:number|no\\.?\\s+of|items?|qty|quantity|units?|pieces|savings?|saved"
                + "|tax(?:es)?\\b(?!\\s*incl)|vat\\b(?!\\s*incl)|gst|hst|pst|discounts?|points?|articles?|art[íi]culos|articoli|artikel"
                + "|stuks|excl|h\\.?\\s?t\\b|hors|net\\b|netto|sans|before|mwst|ust|tva|iva|btw|remises?|rabatte?|descuentos?|sconti"
                + "|korting|descontos?|punkte|puntos|punti|punten|pontos)",
            "\\b(?:tax(?:able)?|vat|mwst|ust|tva|iva|btw|gst|hst|discounts?|rabatte?|remises?|sconto|korting|savings?|items?"
                + "|points?|punkte|puntos|punti|rounding|change|r[üu]ckgeld|wechselgeld|rendu|cambio|resto|wisselgeld|troco"
                + "|netto|net\\s+(?!à|a\\s+payer))\\b[^0-9]*\\b(?:total|totale|totaal|summe|gesamt|betrag)\\b",
            "\\b(?:you\\s+saved|sie\\s+sparen|ersparnis|du\\s+sparade|delsumma|mellansumma)\\b|小計|点数|(?:値引|割引|税)合計",
        ]
        let keyMark =
            "(?:[ .:#°º\\-]|card|karten?|carte|tarjeta|carta|kaart|cart[ãa]o|code|c[óo]digo|codice|member|\(mark))*"
        let key =
            "((?=(?:[A-Z\\-]*[0-9]){3})[A-Z0-9](?>[A-Z0-9\\-]{3,40})(?:(?<=[0-9])(?: [0-9]{3,6}\\b)+)?)(?![.,][0-9]|[0-9*])"
        let notPoints =
            "(?!.*\\b(?:points?|pts|punkte|puntos|punti|punten|pontos|balance|saldo|guthaben|expir\\w*|valid)\\b)"
        patterns.loyalty = [
            "\\b(?:loyalty|member(?:ship)?|club|rewards?|bonus(?=\\W*(?:card|karte|kaart|id|n))|kunden(?=karte|nummer|nr|[ -]?id)|bonuskaart"
                + "|treue(?:karte)?|payback|customer\\s+(?:card|id|no|number)|(?:carte\\s+(?:de\\s+)?)?fid[ée]lit[ée]|fedelt[àa]"
                + "|tarjeta\\s+(?:de\\s+)?(?:cliente|fidelidad|socio|club)|socio|klanten?(?=kaart|nummer|nr)"
                + "|cart[ãa]o\\s+(?:de\\s+)?(?:cliente|fidelidade))\(notPoints)\(keyMark)\(key)"
        ]
        patterns.coupon = [
            "\\b(?:coupon|voucher|promo(?:tion)?|offer|app|discount)\\s*(?:code)?\\b\(keyMark)\(key)",
            "\\b(?:gutschein|rabatt|aktions?|coupon)(?:[ -]?(?:code|nr))?\\b\(keyMark)\(key)",
            "\\b(?:bon\\s+de\\s+r[ée]duction|code\\s+promo|cup[óo]n|vale|c[óo]digo\\s+promocional|buono(?:\\s+sconto)?"
                + "|codice\\s+(?:promo|sconto)|kortings(?:bon|code)|actiecode|cup[ãa]o)\\b\(keyMark)\(key)",
        ]
        patterns.order = [
            "\\b(?:(?:web|online)?[ -]?order|click\\s*(?:&|and|\\+)\\s*collect|collect(?:ion)?|pick[ -]?up)\\b\(keyMark)\(key)",
            "\\b(?:bestell(?:ung)?|abhol(?:ung)?|auftrags?)[ -]?(?:nummer|nr|code)?\\b\(keyMark)\(key)",
            "\\b(?:commande|retrait|pedido|ordine|ritiro|bestelling|afhaal(?:code)?|encomenda)\\b\(keyMark)\(key)",
        ]
        patterns.cashier = [
            "\\b(?:cashier|operator|served\\s+by|your\\s+server(?:\\s+was)?|server|clerk|(?:es\\s+)?bediente\\s+sie|bediener(?:in)?"
                + "|kassierer(?:in)?|verk[äa]ufer(?:in)?|caissi(?:er|[èe]re)|vendeu(?:r|se)|h[ôo]tesse|servi\\s+par|cajer[oa]"
                + "|le\\s+atendi[óo]|cassier[ea]|operatore|kassi[èe]re?|medewerker|operadora?|atendido\\s+por)\\b"
                + "\\s*(?:was|is|:|\\.|#|n[or]\\.?)*\\s*([\\p{L}0-9](?:\\S|\\s(?!\\s)){0,40})"
        ]
        patterns.till = [
            "\\b(?:till|register|terminal|workstation|pos|lane|kasse|caisse|caja|cassa|kassa|caixa)\\s*(?:no|nr|n[°º]|#|id)?"
                + "\\s*[.:#]*\\s*([0-9]{1,6})\\b"
        ]
        return patterns
    }()
}
