// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Outside
import Registry
import Server
import Statements
import Storage
import TransparencyLog

/// A registry that is followed on a node: its log, with everything that was ever seen of it, and
/// what waits there for signatures.
///
/// Spec: `docs/spec/node.md`, section 13.
final class RegistryNode {
    private static let timeoutMilliseconds = 60_000
    private static let listCountMax = 4 << 20
    private static let answerCountMax = 4096

    let url: String
    let policy: LogPolicy
    private let route: RouteOptions
    private let context: Context
    private let home: RegistryHome
    /// Read once a run.
    private var known: TiledLogReader?

    init(
        url: String,
        policy: LogPolicy,
        _ route: RouteOptions,
        _ home: RegistryHome,
        _ context: Context
    ) {
        self.url = url
        self.policy = policy
        self.route = route
        self.home = home
        self.context = context
    }

    // MARK: The log

    /// The log as the node shows it, held to all that was seen of it before.
    ///
    /// - Throws: `.cannotReachServer`, or `.doesNotVerify` with the evidence kept.
    func reader(_ home: RegistryHome) throws -> TiledLogReader {
        if let known { return known }
        let watch = LogWatch(
            url: "\(url)/\(Remote.registryLogName)",
            policy: policy,
            client: try route.client(),
            seen: SeenCheckpoints(directory: context.home + "/seen"),
            keepsFiles: true
        )
        let reader = try watch.read { reader, _ in reader }
        known = reader
        return reader
    }

    // MARK: What waits

    /// Brings the copy of what waits up to date, ring signatures included.
    func fetch(into exchange: RegistryExchange) throws {
        try RegistryHome.makeDirectories(exchange.pending)
        var shown: Set<String> = []
        var wanted: [String] = []
        let list = try get("/registry/pending", countMax: Self.listCountMax)
        for line in list.split(separator: 0x0a) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 2, words[0].hasSuffix(".json"),
                PlainName.isOne(words[0].dropLast(5))
            else { throw garbage() }
            let name = String(words[0])
            guard shown.insert(name).inserted else { throw garbage() }
            let there = try? RegistryExchange.read(exchange.pending + "/" + name)
            if there.map({ Hex.encode($0.digest) }) != String(words[1]) { wanted.append(name) }
        }
        var seals: Set<RegistryID> = []
        try fetch(wanted.map { "pending/\($0)" }) { file, bytes in
            let name = String(file.dropFirst("pending/".count))
            // Appended since the list was made: it waits no more.
            guard let bytes else {
                shown.remove(name)
                return
            }
            guard let envelope = try? Envelope(canonical: bytes),
                RegistryExchange.name(of: envelope) == name
            else { throw garbage() }
            try RegistryHome.write("\(exchange.pending)/\(name)", bytes)
            if let seal = try? envelope.registryStatement().seal {
                seals.insert(RegistryID(seal.signature))
            }
        }
        for name in try RegistryHome.list(exchange.pending, suffix: ".json")
        where !shown.contains(name) {
            try LocalFileSystem().remove(exchange.pending + "/" + name)
        }
        try fetch(seals: seals, into: exchange)
    }

    /// Asks for several files at a time.
    private func fetch(_ names: [String], _ take: (String, [UInt8]?) throws -> Void) throws {
        var rest = names[...]
        while !rest.isEmpty {
            let asked = Array(rest.prefix(RegistryParcel.nameCountMax))
            let response = try send(
                .init(
                    url: url + RegistryParcel.path,
                    body: RegistryParcel.question(asked),
                    countMax: RegistryParcel.byteCountMax,
                    timeoutMilliseconds: Self.timeoutMilliseconds
                )
            )
            guard response.status == 200 else { throw unreachable(status: response.status) }
            guard let items = RegistryParcel.read(response.body, asked: asked) else {
                throw garbage()
            }
            for item in items { try take(item.name, item.contents) }
            rest = rest.dropFirst(items.count)
        }
    }

    /// Hands in a statement, and the accounts that it names if they are here.
    ///
    /// - Returns: Where it waits.
    /// - Throws: `.notAllowed` with the registry's reason.
    func hand(_ envelope: Envelope) throws -> String {
        try post("/registry/pending", envelope.bytes)
        let statement = try? envelope.registryStatement()
        let digest =
            (statement as? DesignateNetworkStatement)?.accountList
            ?? (statement as? ReviewStatement)?.limit?.accountList
        if let digest {
            let name = "\(Hex.encode(digest)).jsonl"
            if let list = try? RegistryHome.read(home.path("lists/\(name)")) {
                try post("/registry/lists", list)
            }
        }
        return "\(url)/registry/pending/\(RegistryExchange.name(of: envelope))"
    }

    /// Hands in a ring signature that a statement there names.
    func hand(seal: [UInt8]) throws {
        try post("/registry/seals", seal)
    }

    /// Brings ring signatures into the copy.
    ///
    /// What the node has not got is asked for again on another day and not before: of deleted
    /// ones there can be thousands, and all of them are missed each time that the log is read.
    ///
    /// - Throws: A ``Failure`` where the node cannot be asked, or the copy cannot be written.
    func fetch(seals ids: Set<RegistryID>, into exchange: RegistryExchange) throws {
        var absent = AbsentSeals(exchange, day: context.now / RegistryHead.daySeconds)
        let wanted = ids.filter { id in
            !absent.ids.contains(id) && !FileStatus.exists(BytePath("\(exchange.seals)/\(id.hex)"))
        }
        guard !wanted.isEmpty else { return }
        try RegistryHome.makeDirectories(exchange.seals)
        try fetch(wanted.sorted().map { "seals/\($0.hex)" }) { file, bytes in
            guard let id = RegistryID(hex: String(file.dropFirst("seals/".count))) else { return }
            // What a node does not show is missing, whyever: the fold says so.
            guard let bytes, bytes.count <= RegistryDesk.sealCountMax,
                SHA256.hash(bytes) == id.bytes
            else {
                absent.ids.insert(id)
                return
            }
            try RegistryHome.write("\(exchange.seals)/\(id.hex)", bytes)
        }
        try absent.save()
    }

    /// Hands in a sealed incident that a statement there names.
    func hand(incident: [UInt8]) throws {
        try post("/registry/incidents", incident)
    }

    /// Brings the copy of sealed incidents up to date: all that have not ended, so that the node
    /// does not learn which of them somebody opens.
    ///
    /// - Parameters:
    ///   - ids: Of all that have not ended, in the order of the log.
    ///   - exchange: The copy; what ended goes out of it.
    /// - Throws: A ``Failure`` where the copy cannot be written.
    func fetch(incidents ids: [RegistryID], into exchange: RegistryExchange) throws {
        let wanted = Set(ids.suffix(RegistryInbox.incidentCountMax).map(\.hex))
        try RegistryHome.makeDirectories(exchange.incidents)
        let known = Set(try RegistryHome.list(exchange.incidents, suffix: ""))
        for name in known where !wanted.contains(name) {
            try LocalFileSystem().remove("\(exchange.incidents)/\(name)")
        }
        let names = wanted.subtracting(known).sorted().map { "incidents/\($0)" }
        try fetch(names) { file, bytes in
            let name = String(file.dropFirst("incidents/".count))
            // What a node does not show is missing, whyever: it may have gone by another way.
            guard let bytes, Hex.encode(SHA256.hash(bytes)) == name else { return }
            try RegistryHome.write("\(exchange.incidents)/\(name)", bytes)
        }
    }

    private func post(_ path: String, _ bytes: [UInt8]) throws {
        let response = try send(
            .init(
                url: url + path,
                body: bytes,
                countMax: Self.answerCountMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        guard response.status != 200 else { return }
        let word = String(decoding: response.body.prefix(64).prefix { $0 != 0x0a }, as: UTF8.self)
        if let reason = Refusal(rawValue: word) { throw RegistryFailure.refused(reason) }
        throw unreachable(status: response.status)
    }

    private func get(_ path: String, countMax: Int) throws -> [UInt8] {
        guard let body = try find(path, countMax: countMax) else { throw unreachable(status: 404) }
        return body
    }

    /// What is there; `nil` for nothing.
    private func find(_ path: String, countMax: Int) throws -> [UInt8]? {
        let response = try send(
            .init(
                url: url + path,
                countMax: countMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        switch response.status {
        case 200: return response.body
        case 404: return nil
        case let status: throw unreachable(status: status)
        }
    }

    private func send(_ request: HTTPClient.Request) throws -> HTTPClient.Response {
        do {
            return try route.client().send(request)
        } catch let failure as HTTPClient.Failure {
            throw unreachable(HTTPFailureText.text(failure))
        }
    }

    private func garbage() -> Failure {
        unreachable(Text(en: "its answer makes no sense", es: "su respuesta no tiene sentido"))
    }

    private func unreachable(status: Int) -> Failure {
        unreachable(Text(en: "status \(status)", es: "estado \(status)"))
    }

    private func unreachable(_ reason: Text) -> Failure {
        Failure(
            .cannotReachServer,
            Text(
                en: "the node at \(url) does not take or give it: \(reason.en)",
                es: "el nodo en \(url) no lo recibe o no lo da: \(reason.es)"
            )
        )
    }
}

extension RegistryHome {
    private static let nodeCountMax = LogPolicy.countMax * 2 + 8192
    private var nodePath: String { path("node.json") }

    /// The node on which a registry is followed, as a place to trade statements.
    ///
    /// What cannot be read is told when it is used: it is as if there were none.
    func followed(_ context: Context) -> RegistryExchange? {
        guard let route = context.route,
            let bytes = try? files.read(nodePath, countMax: Self.nodeCountMax),
            let json = try? JSONValue(parsing: bytes), let url = json["url"]?.string,
            let text = json["policy"]?.string,
            let policy = try? LogPolicy(parsing: Array(text.utf8))
        else { return nil }
        let node = RegistryNode(url: url, policy: policy, route, self, context)
        return RegistryExchange(of: node, in: path("node"))
    }

    /// Remembers a node.
    func follow(_ url: String, policy: [UInt8]) throws {
        let json: JSONValue = [
            "policy": .string(String(decoding: policy, as: UTF8.self)), "url": .string(url),
        ]
        try makeDirectory("")
        try Self.write(nodePath, json.canonicalBytes)
    }
}
