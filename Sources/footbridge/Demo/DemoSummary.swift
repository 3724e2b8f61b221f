import Simulation

/// The result in words that a retailer understands.
struct DemoSummary {
    let result: DemoResult
    let folder: DemoFolder
    let programs: (footbridge: String, platform: String)

    var text: String {
        let (visits, receipts, links) = (result.score.visits, result.score.receipts, result.score.links)
        var lines = [
            "", "ONE STORE HOUR, seed \(result.seed)", "",
            "  People",
            row("shoppers who came in", "\(result.truth.shoppers) (and \(result.truth.passers) who only passed by)"),
            row("with the app, awake and agreed", "\(visits.real)"),
            row(
                "visits found",
                "\(visits.found) of \(visits.real), \(visits.invented) invented, \(visits.split) counted twice"),
            row("typical stay", minutes(visits.medianDwell)),
            row(
                "typical error",
                "entry \(seconds(visits.medianEnterError)), exit \(seconds(visits.medianExitError)), "
                    + "stay \(seconds(visits.medianDwellError))"),
            row("app asleep in the background", "\(result.truth.asleep) (counted, not identified)"),
            row("seen without consent", "\(visits.breaches)"),
            "", "  Receipts",
            row(
                "printed by the tills",
                "\(receipts.printed) receipts, \(receipts.sales) of them sales (and \(receipts.otherPaper) other papers)"
            ),
            row("captured", "\(receipts.captured), \(receipts.wrongTotal) with a wrong total"),
            row("turnover less returns", "GBP \(money(receipts.turnover))"),
            "", "  Which visit does a receipt belong to?",
            row("could be known", "\(links.linkable) receipts of app users"),
            row(
                "linked",
                "\(links.reported): \(links.correct) right, \(links.sameParty) to a companion, "
                    + "\(links.reported - links.correct - links.sameParty) wrong"),
            row(
                "precision, recall",
                "\(percent(links.precision)) (\(percent(links.partyPrecision)) with companions), \(percent(links.recall))"
            ),
            row("  by card or code", quality(result.score.keyedLinks)),
            row("  by place and time", quality(result.score.placedLinks)),
            row("answered \"can't tell\"", "\(links.cannotTell)"),
            "", "  Delivery, with the platform away for \(span(result.platformDownSeconds)) and the box killed once",
            row("advertisements heard", "\(result.packets)"),
            row("events accepted", "\(result.audit.accepted)"),
            row(
                "at the platform",
                "\(result.audit.delivered)" + (result.waiting > 0 ? ", \(result.waiting) waiting" : "")),
            row("lost", "\(result.lost)"),
            row("duplicates", "\(result.duplicates)"),
            row(
                "box down after SIGKILL",
                "\(span(result.daemonDownSeconds)); no till printed then"
                    + (result.heldBytes > 0 ? ", \(result.heldBytes) bytes had to wait for it" : "")),
            "", "  Privacy",
            row("stranger identifiers on disk", "\(result.sweep.findings.count)"),
            row("searched for", "\(result.secrets) addresses, payloads and card numbers"),
            row(
                "searched in", "\(result.sweep.files) files, \(result.sweep.bytes / 1024) KiB: queue, WAL, state, logs"),
            row("planted markers found", "\(result.marker.found) of \(result.marker.planted) (so the search can find)"),
            "",
        ]
        lines += result.sweep.findings.prefix(10).map { "  FOUND \($0)" }
        if result.faults.isEmpty {
            lines.append("  All is well. It took \(Int(result.realSeconds.rounded())) s.")
        } else {
            lines += result.faults.map { "  FAULT: \($0)" }
        }
        lines += [
            "", "  Look further:",
            "    \(programs.platform) events --store \(folder.platformStore) | less",
            "    \(programs.platform) state --store \(folder.platformStore)",
            "    \(programs.footbridge) check --config \(folder.configuration)",
            "    \(programs.footbridge) simulate --seed \(result.seed) --hours 1 --out \(folder.path)/simulation",
            "    less \(folder.log) \(folder.truth)",
        ]
        return lines.joined(separator: "\n")
    }

    private func row(_ label: String, _ value: String) -> String {
        "    " + label + String(repeating: " ", count: max(1, 32 - label.count)) + value
    }

    private func quality(_ links: TruthScore.Links) -> String {
        "\(links.correct) right of \(links.reported) linked, \(links.linkable) possible"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func seconds(_ value: Double?) -> String { value.map { "\(Int($0.rounded())) s" } ?? "unknown" }

    private func minutes(_ value: Double?) -> String {
        value.map { "\(Int(($0 / 60).rounded())) minutes" } ?? "unknown"
    }

    private func span(_ seconds: Double) -> String {
        seconds >= 120 ? "\(Int((seconds / 60).rounded())) minutes" : "\(Int(seconds.rounded())) seconds"
    }

    private func money(_ pence: Int64) -> String {
        let cents = pence.magnitude % 100
        return "\(pence < 0 ? "-" : "")\(pence.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}
