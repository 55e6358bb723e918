// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Fetchers
import Foundation
import Outside
import Testing

/// Platforms on this machine, reached through a proxy and with TLS as others are: `world.py`.
final class FetcherWorld {
    static let code = "resguardo-0123456789abcdef0123"
    private static let hosts = [
        "ana", "visitors", "elsewhere", "plain", "circle", "big", "gone", "broken", "plc",
        "wellknown", "taken", "pds", "social", "dns", "nip", "relay", "other", "endless", "silent",
        "evil", "alias",
    ]

    let folder: URL
    private let process = Process()
    private let route: HTTPClient.Route

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-fetchers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (certificate, key) = (folder.appending(path: "cert.pem"), folder.appending(path: "key"))
        let names = Self.hosts.map { "DNS:\($0).example" }.joined(separator: ",")
        let making = Process()
        making.executableURL = URL(filePath: "/usr/bin/env")
        making.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=example", "-addext", "subjectAltName=\(names)",
            "-keyout", key.path, "-out", certificate.path,
        ]
        making.standardError = FileHandle.nullDevice
        try making.run()
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "world.py").path
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-B", script, Self.code, certificate.path, key.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("\n"),
            case let data = output.fileHandleForReading.availableData, !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(Int(text.prefix { $0.isNumber }))
        route = .init(proxy: "socks5h://127.0.0.1:\(port)", certificates: certificate.path)
        // Nobody reads what it says later; a full pipe would stop it.
        output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)  // temporary anyway
    }

    func network(
        resolver: Bool = true,
        relays: [String] = ["relay"],
        directory: Bool = true,
        trusting: Bool = true,
        timeoutMilliseconds: Int = 60_000
    ) throws -> FetchNetwork {
        var route = route
        if !trusting { route.certificates = nil }
        return FetchNetwork(
            route: route,
            resolver: resolver ? try WebAddress("https://dns.example/dns-query") : nil,
            relays: try relays.map { try WebAddress("https://\($0).example/") },
            directory: directory ? try WebAddress("https://plc.example") : nil,
            timeoutMilliseconds: timeoutMilliseconds
        )
    }
}
