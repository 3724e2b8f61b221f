extension JournalRecord {
    /// Entries of one kind that are read from one record.
    private static let entryLimit = 2000

    /// Reads an ARTS POSLog 6 `Transaction`, or an object with the same names, or a flat one (`number`, `total`, `items`
    /// ...). Nil when nothing in it says that it is a transaction.
    ///
    /// Card numbers, names and addresses are not read: nothing here looks for them.
    init?(_ node: JournalNode) {
        self.init()
        let transaction = JournalRecord.transaction(node)
        let retail = transaction.first("retailtransaction") ?? transaction
        store =
            transaction.value("retailstoreid", "storeid", "store")
            ?? transaction.first("businessunit")?.value("unitid")
        till = transaction.value("workstationid", "till", "register", "terminal", "posid")
        number =
            retail.value("receiptnumber", "number") ?? transaction.value("receiptnumber", "sequencenumber", "receipt")
        businessDate = transaction.value("businessdaydate", "businessdate", "date")
        begin = transaction.value("begindatetime", "begin", "start")
        end = transaction.value("enddatetime", "posdatetime", "end", "time", "issuedat")
        cashier = transaction.value("operatorid", "operator", "cashier") ?? retail.value("operatorid")
        currency = transaction.value("currencycode", "currency") ?? retail.value("currencycode")
        readLines(of: retail)
        readTotals(of: retail)
        let customer = retail.first("customer", "loyaltyaccount")
        loyalty += [customer?.value("loyaltyid", "loyaltyaccountid", "loyaltyprogramid")].compactMap(\.self)
        loyalty += JournalRecord.values(retail, "loyalty", "loyaltyid", "loyaltycard")
        coupons += JournalRecord.values(retail, "coupons", "coupon")
        orders += JournalRecord.values(retail, "orders", "order", "ordernumber", "specialordernumber")
        originalNumber =
            originalNumber ?? retail.first("transactionlink", "originaltransaction")?.value(
                "receiptnumber", "sequencenumber", "number") ?? transaction.value("originalnumber")
        kind = JournalRecord.kind(transaction, retail)
        guard kind != nil || total != nil || !items.isEmpty || !tenders.isEmpty else { return nil }
        guard number != nil || total != nil || !items.isEmpty else { return nil }
    }

    /// The node of the transaction itself inside wrappers such as `POSLog`.
    private static func transaction(_ node: JournalNode) -> JournalNode {
        var node = node
        while let inner = node.first("poslog", "transaction") { node = inner }
        return node
    }

    /// The texts of children that hold one value each, or lists of values.
    private static func values(_ node: JournalNode, _ names: String...) -> [String] {
        var values: [String] = []
        for child in node.children where names.contains(child.name) {
            if let text = child.plain { values.append(text) }
            for part in child.children {
                if let text = part.value("code", "id", "number") ?? part.plain { values.append(text) }
            }
        }
        return Array(values.prefix(16))
    }

    private static func kind(_ transaction: JournalNode, _ retail: JournalNode) -> DocumentKind? {
        if transaction.flag("trainingmodeflag") || retail.flag("trainingmodeflag") { return .training }
        let status = (retail.attribute("transactionstatus") ?? transaction.attribute("transactionstatus"))?.lowercased()
        if transaction.flag("cancelflag") || transaction.flag("voidflag") || status == "voided" || status == "canceled"
            || status == "cancelled"
        {
            return .void
        }
        if status == "postvoided" || transaction.first("posttransactionvoid", "postvoid") != nil { return .postVoid }
        for child in transaction.children
        where child.name == "controltransaction" || child.name == "tendercontroltransaction" {
            let names = child.children.map(\.name)
            if names.contains("nosale") { return .noSale }
            if names.contains("paidin") || names.contains("payin") { return .payIn }
            if names.contains("paidout") || names.contains("payout") { return .payOut }
            return .report
        }
        let said =
            (transaction.attribute("kind") ?? retail.attribute("transactiontype") ?? retail.attribute("typecode"))
        return said.flatMap { DocumentKind(rawValue: $0.lowercased()) }
    }

    private mutating func readLines(of retail: JournalNode) {
        for line in retail.all("lineitem").prefix(JournalRecord.entryLimit) {
            if line.flag("voidflag") || line.flag("cancelflag") { continue }
            for part in line.children {
                switch part.name {
                case "sale", "return": add(part, isReturn: part.name == "return")
                case "tender": addTender(part)
                case "tax": taxes += [part.value("amount")].compactMap(\.self)
                case "loyaltyreward":
                    loyalty += [part.value("loyaltyid", "loyaltyaccountid", "accountid")].compactMap(\.self)
                default: break
                }
            }
        }
        for list in retail.all("items", "lines", "item") {
            for part in (list.children.contains { $0.name == "item" } ? list.all("item") : [list]).prefix(
                JournalRecord.entryLimit) where !part.children.isEmpty
            {
                add(part, isReturn: part.flag("return") || part.flag("isreturn"))
            }
        }
        for list in retail.all("tenders", "payments", "tender", "payment") {
            let parts = list.children.contains { $0.name == "item" } ? list.all("item") : [list]
            for part in parts.prefix(64) where !part.children.isEmpty { addTender(part) }
        }
    }

    private mutating func add(_ part: JournalNode, isReturn: Bool) {
        guard items.count < JournalRecord.entryLimit else { return }
        var item = Item()
        item.text =
            part.value("description", "text", "name", "itemid", "posidentity") ?? part.first("posidentity")?.value(
                "positemid") ?? ""
        item.quantity = part.value("quantity", "units", "qty")
        item.amount = part.value("extendedamount", "actualsalesunitprice", "amount", "price", "regularsalesunitprice")
        item.isReturn = isReturn
        items.append(item)
        if isReturn, originalNumber == nil {
            originalNumber = part.first("transactionlink")?.value("receiptnumber", "sequencenumber")
        }
    }

    private mutating func addTender(_ part: JournalNode) {
        var tender = Tender()
        tender.type = part.attribute("tendertype") ?? part.value("type", "kind", "method") ?? ""
        tender.amount = part.value("amount")
        tender.isChange = part.attribute("typecode")?.lowercased() == "refund" && !items.contains(where: \.isReturn)
        if let change = part.first("tenderchange") {
            var back = Tender()
            back.type = tender.type
            back.amount = change.value("amount")
            back.isChange = true
            tenders.append(back)
        }
        tenders.append(tender)
    }

    /// `Total@TotalType`: the grand amount, else the net amount, else the only one.
    private mutating func readTotals(of retail: JournalNode) {
        let totals = retail.all("total", "totals")
        for type in ["transactiongrandamount", "transactiongrossamount", "transactionnetamount"] {
            if let total = totals.first(where: { $0.attribute("totaltype")?.lowercased() == type }) {
                self.total = total.plain ?? total.value("amount")
                return
            }
        }
        let plain = totals.filter { $0.attribute("totaltype") == nil }
        total = plain.first.flatMap { $0.plain ?? $0.value("amount") } ?? retail.value("grandtotal", "amount")
    }
}
