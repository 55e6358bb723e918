// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Registry
import RingSignature
import Sodium
import Statements
import Testing
import Vrf

/// Vectors that `scripts/verify/registry_vectors.py` wrote from the specification alone.
@Suite struct RegistryVectorTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private let vectors: JSONValue

    init() throws {
        let file = Self.root.appending(path: "docs/spec/vectors/registry-statements.json")
        vectors = try JSONValue(parsing: Array(Data(contentsOf: file)))
    }

    private func type(of payload: [UInt8]) throws -> String {
        try #require(try JSONValue(canonical: payload)["type"]?.string)
    }

    /// Reads a payload as what it says it is.
    private func read(_ payload: [UInt8]) throws -> any RegistryStatement {
        let type = try type(of: payload)
        let found = RegistryStatementTypes.all.first { $0.type == type }
        return try #require(found, "\(type)").init(payload: payload)
    }

    private var payloads: [[UInt8]] {
        get throws {
            try #require(vectors["payloads"]?.array).map { Array(($0.string ?? "").utf8) }
        }
    }

    private var sealed: [JSONValue] {
        get throws { try #require(vectors["seals"]?.array) }
    }

    @Test func everyStatementIsReadAndWrittenAlike() throws {
        let context = RegistryState.context(of: try #require(vectors["origin"]?.string))
        let seals = try sealed.map { Array(($0["payload"]?.string ?? "").utf8) }
        for payload in try payloads + seals {
            let statement = try read(payload)
            #expect(statement.payload == payload)
            #expect(statement.head.context == context)
        }
    }

    @Test func everyTypeHasAVectorAndASeedForTheFuzzer() throws {
        let seals = try sealed.map { Array(($0["payload"]?.string ?? "").utf8) }
        let named = Set(try (payloads + seals).map { try type(of: $0) })
        let types = Set(RegistryStatementTypes.all.map { $0.type })
        #expect(named == types)
        let corpus = Self.root.appending(path: "Tests/Fuzz/Corpus")
        for type in named {
            let seeds = corpus.appending(path: type).appending(path: "good-vector-1")
            #expect(FileManager.default.fileExists(atPath: seeds.path), "\(type)")
        }
    }

    @Test func theIdOfASourceFollowsFromItsRegistration() throws {
        let subjects = try #require(vectors["subjects"]?.array).map(\.string)
        let ours = try payloads.compactMap { try read($0) as? RegisterStatement }
        #expect(ours.map { Hex.encode($0.subject) } == subjects)
    }

    @Test func theOutputOfAHolderVerifies() throws {
        let statement = try #require(payloads.compactMap { try read($0) as? BeaconStatement }.first)
        let input = PanelSeed.input(context: statement.head.context, day: statement.day)
        let proof = try VrfProof(statement.proof)
        let key = try Element(canonical: statement.holder)
        #expect(throws: Never.self) { try proof.verify(key: key, input: input) }
        #expect(throws: Vrf.Refusal.self) { try proof.verify(key: key, input: input + [0]) }
    }

    @Test func theWordsOfACanaryFollowOneAnother() throws {
        let words = try #require(vectors["canary"]?.array).map {
            try Hex.decode($0.string ?? "")
        }
        let promise = try payloads.compactMap { try read($0) as? CanaryStatement }.first?.promise
        #expect(promise?.anchor == words.first)
        let alive = try #require(payloads.compactMap { try read($0) as? AliveStatement }.first)
        #expect(alive.word == words[2])
        for (before, word) in zip(words, words.dropFirst()) {
            #expect(AliveStatement.word(before: word, of: alive.subject) == before)
        }
        #expect(alive.follows(words[0]) && !alive.follows(words[3]))
    }

    @Test func ringKeysOfVectorsAreProven() throws {
        let statements = try payloads.compactMap { try read($0) as? RingKeyStatement }
        let statement = try #require(statements.first)
        try RingPossession(statement.proof).verify(
            Element(nonIdentity: statement.key),
            for: RingPossession.Scope(
                context: statement.head.context,
                organisation: statement.verifier,
                epoch: statement.epoch.number,
                constituency: RingBook.number(of: "press")
            )
        )
    }

    @Test func sealsOfVectorsVerifyAndNoOthers() throws {
        for vector in try sealed {
            let payload = Array(try #require(vector["payload"]?.string).utf8)
            let statement = try #require(try read(payload) as? any SealableRegistryStatement)
            try check(statement, vector)
        }
    }

    private func check<S: SealableRegistryStatement>(_ statement: S, _ vector: JSONValue) throws {
        let bytes = try Hex.decode(#require(vector["signature"]?.string))
        let keys = try #require(vector["ring"]?.array).map { try Hex.decode($0.string ?? "") }
        let (seal, ring) = (try #require(statement.seal), try Ring(keys))
        #expect(seal.signature == SHA256.hash(bytes))
        #expect(seal.ring == ring.digest)
        #expect(statement.ringAct.rawValue == vector["act"]?.string)
        let message = try RingMessage(
            act: statement.ringAct,
            context: statement.head.context,
            constituency: RingBook.number(of: seal.constituency),
            subject: statement.subject,
            epoch: statement.epoch.number,
            slot: seal.slot.map { UInt16($0) },
            statementDigest: statement.sealedDigest
        )
        let memberCount = keys.count
        let signature = try RingSignature(
            bytes,
            memberCount: memberCount,
            act: statement.ringAct
        )
        try signature.verify(message, by: ring)
        #expect(signature.bytes == bytes)
        // The one-time key follows from the secret, and so do the tags.
        let text = try Hex.decode(#require(vector["secret"]?.string))
        let secret = try RingSecret(SecretBytes(copying: text))
        let key = try statement.oneTimeKey(of: secret, context: statement.head.context)
        #expect(key.publicKey.bytes == seal.key)
        let tags = secret.tags(on: message)
        #expect(tags.tag == signature.tag && tags.quotaTag == signature.quotaTag)
        for place in [0, 40, bytes.count - 40] {
            var damaged = bytes
            damaged[place] ^= 1
            let other = try? RingSignature(
                damaged,
                memberCount: memberCount,
                act: statement.ringAct
            )
            guard let other else { continue }
            #expect(throws: RingRefusal.notValid) { try other.verify(message, by: ring) }
        }
    }
}
