// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Encodings
import Sodium
import Testing

/// A file of the age testkit: lines that say what to expect, an empty line, the age file.
private struct TestkitVector {
    var expectation = ""
    var plaintextDigest: String?
    var isArmored = false
    var identities: [any AgeIdentity] = []
    var file: [UInt8] = []

    init(_ bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        var isCompressed = false
        while true {
            let line = String(decoding: try reader.readLine(countMax: 4096), as: UTF8.self)
            if line.isEmpty { break }
            let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
            switch parts[0] {
            case "expect": expectation = parts[1]
            case "payload": plaintextDigest = parts[1]
            case "armored": isArmored = parts[1] == "yes"
            case "identity":
                let text = SecretBytes(copying: Array(parts[1].utf8))
                identities.append(try IdentityFile.identity(text))
            case "passphrase":
                let text = SecretBytes(copying: Array(parts[1].utf8))
                identities.append(ScryptIdentity(passphrase: text))
            case "compressed": isCompressed = parts[1] == "zlib"
            case "file key", "comment": break
            default: Issue.record("unknown key \(parts[0])")
            }
        }
        file = Array(try reader.read(reader.remainingCount))
        if isCompressed { file = try Inflate.decompress(file) }
    }
}

@Suite struct AgeTestkitTests {
    private static let folder = "age-testkit"
    private static let classes: [String: AgeError.Class] = [
        "header failure": .header,
        "HMAC failure": .mac,
        "no match": .noMatch,
        "payload failure": .payload,
        "armor failure": .armor,
    ]

    @Test func holdsAllVectors() {
        let count = AgeVectors.files(in: Self.folder).count
        #expect(count == 0 || count == 143)
    }

    @Test(arguments: AgeVectors.files(in: folder))
    func endsAsTheVectorSays(_ name: String) throws {
        let vector = try TestkitVector(AgeVectors.read(Self.folder, name))
        for armor in [vector.isArmored ? .required : .refused, .detected]
            as [AgeDecryptor.ArmorRule]
        {
            try check(vector, AgeDecryptor(identities: vector.identities, armor: armor))
        }
    }

    /// Streams and opens in memory; both end alike and release the same bytes.
    private func check(_ vector: TestkitVector, _ decryptor: AgeDecryptor) throws {
        var released: [UInt8] = []
        let streamed = outcome {
            () throws(AgeError) in
            try decryptor.open(from: bytesSource(vector.file)) {
                (bytes: Span<UInt8>) throws(AgeError) in
                released.append(bytes)
            }
        }
        let whole = outcome { () throws(AgeError) in _ = try decryptor.open(vector.file) }
        if vector.expectation == "success" {
            #expect(streamed == nil)
        } else {
            #expect(streamed?.failureClass == Self.classes[vector.expectation])
        }
        #expect(whole == streamed)
        if let digest = vector.plaintextDigest {
            #expect(Hex.encode(SHA256.hash(released)) == digest)
        }
    }

    private func outcome(_ body: () throws(AgeError) -> Void) -> AgeError? {
        do throws(AgeError) {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
