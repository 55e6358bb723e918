// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Foundation
import Outside
import Sodium
import Statements
import Storage
import Testing
import Vault

/// A node that takes deposits, and vaults that trade with it.
struct DepositFixture: Sendable {
    let folder: TestFolder
    let logKey: String

    init(
        log: String = "node.example/vault",
        folder: TestFolder? = nil,
        options: [String] = []
    ) throws {
        let folder = try folder ?? TestFolder()
        self.folder = folder
        try Data("eight words are enough for this here\n".utf8)
            .write(to: folder.url.appending(path: "phrase"))
        let made = try ProgramRun(
            ["serve", "--init", log, "--home", folder.path("node")] + options,
            in: folder.url
        )
        #expect(made.code == 0, "\(made.errors)")
        logKey = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func url(_ name: String) -> URL { folder.url.appending(path: name) }

    func startNode(_ more: [String] = [], home: String = "node") throws -> ServerProcess {
        // Entries are counted: none of the node's own, unless they are the point.
        let beats = more.contains("--heartbeat") ? [] : ["--heartbeat", "0"]
        return try ServerProcess(
            ["serve", "--home", folder.path(home)] + beats + more,
            in: folder.url
        )
    }

    /// Starts the node on a machine of its own, with a certificate for `node.example`.
    func startNode(on net: Namespaces, _ index: Int) throws -> ServerProcess {
        let made = try RequiredCommand(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
                "-days", "2", "-subj", "/CN=node.example", "-addext",
                "subjectAltName=DNS:node.example",
            ],
            in: folder.url
        )
        #expect(made.code == 0)
        return try ServerProcess(
            [
                "serve", "--home", folder.path("node"), "--heartbeat", "0", "--tls-certificate",
                "cert.pem", "--tls-key", "key.pem", "--listen",
                "\(Namespaces.address(index)):8443",
            ],
            in: folder.url,
            launcher: net.launcher(index)
        )
    }

    /// Runs a command on a vault.
    func run(
        _ words: [String],
        home: String,
        launcher: [String] = []
    ) throws
        -> ProgramRun
    {
        let asks =
            !["remote", "receipt", "log"].contains(words[0])
            && words.prefix(2) != ["invite", "create"]
        let options = asks ? ["--demo", "--passphrase-file", folder.path("phrase")] : []
        return try ProgramRun(
            words + options + ["--home", folder.path(home)],
            in: folder.url,
            launcher: launcher
        )
    }

    /// The same, which has to succeed.
    @discardableResult
    func must(_ words: [String], home: String) throws -> String {
        let run = try run(words, home: home)
        #expect(run.code == 0, "\(words): \(run.errors) \(run.output)")
        return run.output
    }

    /// A vault with one case.
    func makeVault(_ home: String, case name: String? = "milpa") throws {
        try must(["init"], home: home)
        if let name { try must(["case", "create", name, "--classic"], home: home) }
    }

    /// Deposits a file of random bytes.
    ///
    /// - Returns: The item.
    func deposit(_ count: Int, home: String, case name: String = "milpa") throws -> String {
        let file = "file-\(UUID().uuidString)"
        try Data(randomBytes(count)).write(to: url(file))
        let output = try must(["deposit", name, file, "--json"], home: home)
        let json = try JSONValue(parsing: Array(output.utf8.dropLast()))
        return try #require(json["item"]?.string)
    }

    func addRemote(_ node: ServerProcess, home: String, name: String = "node") throws {
        try must(["remote", "add", name, node.url, "--log-key", logKey], home: home)
    }

    /// Opens a vault in this process.
    func open(_ home: String) throws -> Home {
        try Home.open(
            at: BytePath(folder.path(home)),
            passphrase: SecretBytes(copying: Array("eight words are enough for this here".utf8)),
            least: .demo
        )
    }

    /// The sealed bytes of an item.
    func object(_ item: String, home: String) throws -> [UInt8] {
        let path = "\(folder.path(home))/objects/\(item.prefix(2))/\(item).age"
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    /// Bytes on the node's disk of the only upload.
    func uploaded() throws -> Int {
        let uploads = url("node/node-vault/deposits/uploads")
        let names = try FileManager.default.contentsOfDirectory(atPath: uploads.path)
        let data = uploads.appending(path: try #require(names.first)).appending(path: "data")
        return try #require(data.resourceValues(forKeys: [.fileSizeKey]).fileSize)
    }

    /// Where the node keeps the case that has one.
    func room() throws -> URL {
        let cases = url("node/node-vault/deposits/cases")
        let names = try FileManager.default.contentsOfDirectory(atPath: cases.path)
        return cases.appending(path: try #require(names.first))
    }
}

/// One upload as any client of tus sees it.
struct RawUpload {
    let node: ServerProcess
    let path: String

    /// Asks a node to take an item of the only case.
    static func begin(
        _ home: Home,
        _ node: ServerProcess,
        entry: UInt64 = 0,
        logName: String = "node.example/vault",
        nonce: [UInt8]? = nil,
        ticket: String? = nil,
        change: ([UInt8]) -> [UInt8] = { $0 }
    ) throws -> (response: HTTPClient.Response, nonce: [UInt8]) {
        let item = try #require(try home.cases().first)
        let parts = try home.offer(of: entry, in: item)
        let text = try node.post("/nonce", []).body.prefix { $0 != 0x0a }
        let nonce = try nonce ?? Hex.decode(String(decoding: text, as: UTF8.self))
        let offer = try DepositOffer(parts, of: item, node: logName, nonce: nonce)
        var request = HTTPClient.Request(
            url: node.url + "/cases/\(Hex.encode(item.nodeToken()))/uploads",
            body: change(offer.bytes),
            countMax: 1 << 20,
            timeoutMilliseconds: 60_000
        )
        request.headers = [
            "Tus-Resumable: 1.0.0", "Upload-Length: \(parts.deposit.sizeBytes)",
        ]
        if let ticket { request.headers.append("Resguardo-Invitation: \(ticket)") }
        return (try HTTPClient().send(request), nonce)
    }

    init(_ home: Home, _ node: ServerProcess, entry: UInt64 = 0) throws {
        let begun = try Self.begin(home, node, entry: entry).response
        #expect(begun.status == 201, "\(String(decoding: begun.body, as: UTF8.self))")
        self.node = node
        path = try #require(begun.headers["location"])
    }

    /// The same upload at a node that was started again.
    init(_ path: String, _ node: ServerProcess) {
        self.path = path
        self.node = node
    }

    func send(
        _ method: String,
        _ body: [UInt8]?,
        _ headers: [String]
    ) throws
        -> HTTPClient.Response
    {
        var request = HTTPClient.Request(
            url: node.url + path,
            body: body,
            countMax: 1 << 20,
            timeoutMilliseconds: 60_000
        )
        request.method = method
        request.headers = ["Tus-Resumable: 1.0.0"] + headers
        return try HTTPClient().send(request)
    }

    func offset() throws -> Int? {
        let response = try send("HEAD", nil, [])
        #expect(response.status == 200)
        #expect(response.headers["tus-resumable"] == "1.0.0")
        #expect(response.headers["upload-expires"]?.hasSuffix(" GMT") == true)
        return response.headers["upload-offset"].flatMap { Int($0) }
    }

    func append(
        _ bytes: [UInt8],
        at offset: Int,
        _ more: [String] = []
    ) throws
        -> HTTPClient.Response
    {
        try send(
            "PATCH",
            bytes,
            ["Upload-Offset: \(offset)", "Content-Type: application/offset+octet-stream"] + more
        )
    }

    /// Sends the beginning of a part and hangs up.
    func cut(_ bytes: [UInt8], at offset: Int, announcing count: Int) throws {
        let connection = try RawConnection(port: node.port)
        connection.send(
            "PATCH \(path) HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\n"
                + "Upload-Offset: \(offset)\r\nContent-Length: \(count)\r\n"
                + "Content-Type: application/offset+octet-stream\r\n\r\n"
        )
        connection.send(bytes)
    }
}
