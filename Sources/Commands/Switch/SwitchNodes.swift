// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Statements
import Storage
import Switch
import TransparencyLog

/// A switch on nodes: the union of the logs that its invitation names.
///
/// A node that is silent, sets its log back or forks it changes nothing that the others have, or
/// that the home remembers of it.
///
/// Spec: `docs/spec/switch.md`, section 9.2.
final class SwitchNodes: SwitchPlace {
    /// What one node is known for.
    struct Node {
        let origin: String
        /// Where its log is, and the node itself.
        let logURL: String
        let url: String
    }

    /// What was seen of a node in this run.
    private struct Sight {
        var newest: SignedNote
        /// The node's statements.
        var texts: [SwitchText]
    }

    private static let secondsOfDoubt: Int64 = 3600

    let policyText: String
    let policy: LogPolicy
    /// The switch that the invitation is about.
    let onlySwitch: SwitchID?
    let capability: SwitchCapability
    let nodes: [Node]
    private let book: SwitchBook
    private let context: Context
    let route: RouteOptions
    private var sights: [String: Sight] = [:]
    private var isRead = false
    private var escrows: [[UInt8]: EscrowFile] = [:]
    /// What nodes did that none may do.
    private var alarms: [Failure] = []
    /// Why nodes were not heard.
    private var silences: [Failure] = []

    /// The place that an invitation names.
    ///
    /// - Returns: Nil for an invitation to a switch that is traded through a directory.
    init?(_ invitation: SwitchInvitation, _ context: Context) throws {
        guard let access = invitation.access,
            let capability = SwitchCapability(access.capability)
        else { return nil }
        guard let route = context.route else {
            preconditionFailure("a command that reaches nodes says how")
        }
        self.route = route
        policyText = access.policy
        policy = try LogPolicy(parsing: Array(access.policy.utf8))
        onlySwitch = invitation.epoch.id
        self.capability = capability
        self.context = context
        book = SwitchBook(capability, policy, home: context.home)
        nodes = policy.logs.compactMap { log in
            guard let url = log.url else { return nil }
            let logURL = url.hasSuffix("/") ? String(url.dropLast()) : url
            guard let slash = logURL.lastIndex(of: "/") else { return nil }
            return Node(
                origin: log.verifier.name.description,
                logURL: logURL,
                url: String(logURL[..<slash])
            )
        }
    }

    /// Two logs of different operators, as the design has it.
    var receiptCountMin: Int { min(2, policy.logs.count) }

    /// Nodes have clocks of their own.
    var isDemo: Bool { false }

    var isAlarmed: Bool { !alarms.isEmpty }

    // MARK: Reading

    func time(orOf clock: Int64) throws -> Int64? { try log().now }

    func log() throws -> WitnessedLog {
        try readOnce()
        let origins = policy.origins
        var texts: [SwitchText] = []
        var presence: [String: [Sighting]] = [:]
        for origin in origins {
            texts += try book.texts(of: origin)
            presence[origin] = Array(try book.presence(of: origin).values)
        }
        let log = WitnessedLog(
            texts: texts,
            capability,
            checkpoints: sights.values.map(\.newest),
            presence: presence,
            policy: policy
        )
        return log
    }

    func refresh(asOf now: Int64) throws -> SignedNote {
        try readOnce()
        let notes = sights.values.map(\.newest).compactMap { note in
            (try? policy.witnessedTime(of: note)).map { (note, $0) }
        }
        if let newest = notes.max(by: { $0.1 < $1.1 }) { return newest.0 }
        // Without a line, what was seen last has to do: it dates what is signed over it.
        let seen = SeenCheckpoints(directory: context.home + "/seen")
        let last = try policy.origins.compactMap { try seen.last(of: $0) }.compactMap { note in
            (try? policy.witnessedTime(of: note)).map { (note, $0) }
        }
        guard let newest = last.max(by: { $0.1 < $1.1 }) else { throw unheard() }
        return newest.0
    }

    /// Looks at all nodes, once a run.
    private func readOnce() throws {
        guard !isRead else { return }
        isRead = true
        for node in nodes {
            do {
                sights[node.origin] = try look(at: node)
            } catch let failure as Failure where failure.kind == .cannotReachServer {
                silences.append(failure)
                note(failure)
            } catch let failure as Failure where failure.kind == .doesNotVerify {
                alarms.append(failure)
                note(failure)
            } catch let error as TransparencyLogError {
                // What one node makes of its log takes nothing away from what others show.
                let alarm = unacceptable(node, error.failure)
                alarms.append(alarm)
                note(alarm)
            }
        }
        guard sights.isEmpty else { return warnOfClock() }
        // What is remembered can be read without anybody; only nothing at all is a failure.
        for node in nodes where try !book.texts(of: node.origin).isEmpty { return }
        throw unheard()
    }

    func note(_ failure: Failure) {
        context.console.note(failure.message)
    }

    func unheard() -> Failure {
        alarms.first ?? silences.first
            ?? Failure(
                .cannotReachServer,
                Text(en: "no node was heard", es: "no se oyó a ningún nodo")
            )
    }

    /// The person's own clock decides nothing; it may be the one that is wrong.
    private func warnOfClock() {
        guard let now = policy.witnessedNow(by: sights.values.map(\.newest)),
            abs(now - context.now) > Self.secondsOfDoubt
        else { return }
        let witnessed = Timestamp(seconds: now).minutes
        context.console.note(
            Text(
                en: "this machine's clock differs from the witnesses', who say \(witnessed)",
                es: "el reloj de este equipo difiere del de los testigos, que dicen \(witnessed)"
            )
        )
    }

    private func look(at node: Node) throws -> Sight {
        let route = route.isolated()
        let client = NodeClient(url: node.url, client: try route.client())
        let seen = SeenCheckpoints(directory: context.home + "/seen")
        let watch = LogWatch(
            url: node.logURL,
            policy: policy,
            client: try route.client(),
            seen: seen
        )
        let sight = try watch.read { reader, report in
            guard report.verified.checkpoint.origin == node.origin else {
                throw client.garbage("/\(Remote.switchLogName)/checkpoint")
            }
            let texts = try takeIn(client, node, watch, reader)
            try takeHeartbeats(client, node, below: reader.size)
            let round = WitnessRound(policy: policy) { try route.isolated().client() }
            return Sight(newest: round.cosign(reader), texts: texts)
        }
        // With the time that was heard now: without a line, check-ins are signed over it.
        try seen.remember(sight.newest, Checkpoint(parsing: sight.newest.text))
        return sight
    }

    /// Takes in what the node has of the switch.
    private func takeIn(
        _ client: NodeClient,
        _ node: Node,
        _ watch: LogWatch,
        _ reader: TiledLogReader
    ) throws -> [SwitchText] {
        let known = try book.texts(of: node.origin)
        let shown = try client.indices(capability)
        let missing = Set(shown).subtracting(known.map(\.proof.index))
        var fresh: [SwitchText] = []
        var next = missing.min()
        while let from = next {
            let page = try client.texts(capability, from: from)
            for text in page where missing.contains(text.proof.index) {
                try check(text, node)
                // A proof may be of a checkpoint that nobody looked at when it was new.
                if try Checkpoint(parsing: text.proof.note.text).size <= reader.size {
                    try watch.hold(reader, to: text.proof.note)
                }
                try book.keep(text, of: node.origin)
                fresh.append(text)
            }
            guard let last = page.last?.proof.index else { break }
            next = missing.filter { $0 > last }.min()
        }
        if known.contains(where: { !shown.contains($0.proof.index) }) {
            let alarm = withheld(node)
            alarms.append(alarm)
            note(alarm)
        }
        return known + fresh
    }

    private func check(_ text: SwitchText, _ node: Node) throws {
        guard text.origin == node.origin,
            (try? text.verify(capability, policy: policy)) != nil
        else {
            throw Failure(
                .doesNotVerify,
                Text(
                    en: "ALARM: a proof that \(node.origin) gave does not verify",
                    es: "ALARMA: una prueba que dio \(node.origin) no se verifica"
                ),
                word: "receipt"
            )
        }
    }

    private func unacceptable(_ node: Node, _ failure: Failure) -> Failure {
        Failure(
            .doesNotVerify,
            Text(
                en: "ALARM: \(node.origin): \(failure.message.en)",
                es: "ALARMA: \(node.origin): \(failure.message.es)"
            ),
            word: failure.word
        )
    }

    private func withheld(_ node: Node) -> Failure {
        Failure(
            .doesNotVerify,
            Text(
                en: "ALARM: \(node.origin) does not show what it gave a proof for",
                es: "ALARMA: \(node.origin) no muestra algo de lo que dio prueba"
            ),
            word: "withheld"
        )
    }

    /// Takes in when the log was seen, from the heartbeats in it.
    ///
    /// - Parameters:
    ///   - client: Of the node.
    ///   - node: Which one.
    ///   - size: The log's. A node that names other leaves is not asked on.
    /// - Throws: What asking and keeping throw.
    private func takeHeartbeats(
        _ client: NodeClient,
        _ node: Node,
        below size: UInt64
    ) throws {
        let known = try book.presence(of: node.origin)
        var presence = known
        var next = presence.keys.max().map { $0 + 1 } ?? 0
        while case let beats = try client.heartbeats(of: Remote.switchLogName, from: next),
            let last = beats.last?.0, last >= next, last < size
        {
            for (index, note) in beats {
                guard let checkpoint = try? Checkpoint(parsing: note.text),
                    checkpoint.origin == node.origin, index < size, checkpoint.size <= index,
                    let sighting = try? Sighting(of: note, by: policy)
                else { continue }
                presence[index] = sighting
            }
            next = last + 1
        }
        if presence != known { try book.keep(presence, of: node.origin) }
    }

    // MARK: Writing

    @discardableResult
    func append(_ envelopes: [Envelope], asOf now: Int64) throws -> Int {
        let all = try log().entries.compactMap { try? Envelope(canonical: $0.bytes) }
        var count = 0
        // Why the others were not heard was said when they were looked at.
        for node in nodes where sights[node.origin] != nil {
            do {
                try hand(all + envelopes, to: node)
                count += 1
            } catch let failure as Failure
                where [.cannotReachServer, .notAllowed, .doesNotVerify].contains(failure.kind)
            {
                if failure.kind == .doesNotVerify { alarms.append(failure) }
                silences.append(failure)
                note(failure)
            }
        }
        guard count > 0 else { throw unheard() }
        return count
    }

    /// Hands a node what it does not show.
    private func hand(_ envelopes: [Envelope], to node: Node) throws {
        guard var sight = sights[node.origin] else { return }
        let client = NodeClient(url: node.url, client: try route.isolated().client())
        let shown = Set(sight.texts.map(\.envelope))
        for envelope in envelopes where !shown.contains(envelope) {
            let text = try client.put(envelope, escrow: escrow(of: envelope), capability)
            try check(text, node)
            try book.keep(text, of: node.origin)
            sight.texts.append(text)
            sights[node.origin] = sight
        }
    }

    // MARK: Escrow files

    func store(_ escrow: EscrowFile) {
        escrows[escrow.digest] = escrow
    }

    func escrow(_ digest: [UInt8]) throws -> EscrowFile {
        if let known = escrows[digest] { return known }
        var found: EscrowFile?
        for node in nodes where found == nil && sights[node.origin] != nil {
            let client = NodeClient(url: node.url, client: try route.isolated().client())
            // The next node may have it.
            let file = try? client.escrow(digest, capability)
            if let file, file.digest == digest { found = file }
        }
        guard let found else { throw SwitchError.escrowMissing }
        escrows[digest] = found
        return found
    }

    /// What goes along with an arming.
    private func escrow(of envelope: Envelope) throws -> EscrowFile? {
        guard let arming = try? envelope.read(SwitchArming.self) else { return nil }
        return try escrow(arming.escrowDigest)
    }

    // MARK: Carrying texts by hand

    func export(_ id: SwitchID) throws -> [SwitchText] {
        try readOnce()
        return try policy.origins.flatMap { try book.texts(of: $0) }
    }

    /// Keeps what verifies; the next append hands it to every node.
    func takeIn(_ texts: [SwitchText], of id: SwitchID, asOf now: Int64) throws -> Int {
        let right = texts.filter { (try? $0.verify(capability, policy: policy)) != nil }
        for text in right {
            if let origin = text.origin { try book.keep(text, of: origin) }
        }
        return right.count
    }
}
