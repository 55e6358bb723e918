// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports
import Foundation
import SnapshotFormat
import Testing

/// Our exports in front of the packages that platforms and researchers read them with.
@Suite struct AcceptanceTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let python = folder.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/venv/bin/python")

    @Test func theReadersOfEachFormatAcceptItAndRefuseItOnceAltered() throws {
        guard try hasPackages() else {
            print("skipped: atproto, openvc-core, nostr-sdk or stix2 is not installed")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil)
            return
        }
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "resguardo-exports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let keys = try ExportFixture.keys()
        for (name, objects) in try exports(keys) {
            let bytes = objects.flatMap { $0.canonicalBytes + Array("\n".utf8) }
            try Data(bytes).write(to: directory.appending(path: name))
        }
        let output = try run([
            Self.folder.appending(path: "accept.py").path, directory.path, keys.label.did,
        ])
        #expect(output == "accepted\n")
    }

    private func exports(_ keys: borrowing ExportKeys) throws -> [String: [JSONValue]] {
        let date = Int64(Date.now.timeIntervalSince1970) / 86_400 * 86_400
        let snapshot = try ExportFixture.snapshot(at: date)
        let news = try SourceNews.all(in: snapshot)
        let profile = try #require(
            ATProtoProfile([
                "did": .string(ExportFixture.did), "displayName": "Voz del Valle",
                "handle": "voz.example",
            ])
        )
        var files: [String: [JSONValue]] = [
            "atproto-labeler": [ATProtoLabels.declaration(date: date)],
            "stix": [try STIXBundle.make(of: snapshot)],
            "stix-incident": [try ExportFixture.incident(at: date)],
            "stix-detection": try NetworkGenerator.bundles(),
        ]
        for news in news {
            let labels = ATProtoLabels.labels(
                for: news,
                source: "did:web:registry.example",
                key: keys.label,
                date: date
            )
            files["atproto-labels", default: []] += labels
            let credential = AttestationCredential.make(
                for: news,
                key: keys.credential,
                date: date
            )
            let event = NostrEvent.make(for: news, key: keys.nostr, date: date)
            let record = ATProtoLabels.verification(of: news, profile: profile, date: date)
            files["vc", default: []] += [credential].compactMap { $0 }
            files["nostr", default: []] += [event].compactMap { $0 }
            let rank = NostrEvent.rank(for: news, key: keys.nostr, date: date)
            files["nostr-rank", default: []] += [rank].compactMap { $0 }
            files["atproto-verification", default: []] += [record].compactMap { $0 }
        }
        return files
    }

    private func hasPackages() throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: Self.python.path) else { return false }
        let text = "import atproto_client, openvc, nostr_sdk, stix2, stix2validator; print('yes')"
        return try run(["-c", text]) == "yes\n"
    }

    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = Self.python
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
