// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Server
import Sodium
import Statements
import Storage
import StorageFaults
import Testing
import Vault

/// Deposits in a simulated store: every request goes wrong, and two processes meet at every one.
@Suite struct BlobCasesTests {
    private static let room = String(repeating: "ab", count: 32)
    private static let claim = Array("aa bb\n".utf8)

    private let fixture: DepositFixture
    private let home: Home
    private let items: [CaseItem]

    /// An object with what belongs to it, in a file.
    private struct CaseItem: Sendable {
        let parts: DepositOffer.Parts
        let bytes: [UInt8]
        let data: BytePath

        var files: Set<String> {
            Set(["age", "summary", "pieces", "slip", "receipt"].map { "\(parts.name).\($0)" })
        }
    }

    init() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        // More than one part, and less than a piece.
        let names = try [9 << 20, 1000].map { try fixture.deposit($0, home: "elena") }
        let home = try fixture.open("elena")
        let first = try #require(try home.cases().first)
        items = try names.enumerated().map { index, name in
            let parts = try home.offer(of: UInt64(index), in: first)
            let bytes = try fixture.object(name, home: "elena")
            let data = fixture.folder.path("data-\(index)")
            try Data(bytes).write(to: URL(filePath: data))
            return CaseItem(parts: parts, bytes: bytes, data: BytePath(data))
        }
        self.fixture = fixture
        self.home = home
    }

    private func deposit(_ item: CaseItem, _ client: SimulatedBlobClient) throws {
        let cases = BlobCases(client, prefix: "cases/")
        _ = try cases.make(Self.room, claim: Self.claim)
        _ = try cases.place(item.data, item.parts, in: Self.room)
        _ = try cases.complete(item.parts, in: Self.room)
        try cases.keep(receipt: [1, 2, 3], of: item.parts.name, in: Self.room)
    }

    /// Looks at all that is there as another process.
    private func check(
        _ service: SimulatedBlobs,
        _ items: [CaseItem],
        _ place: Comment
    ) throws {
        let cases = BlobCases(SimulatedBlobClient(service), prefix: "cases/")
        #expect(try cases.load().count == 1, place)
        let files = try #require(try cases.files(of: Self.room))
        #expect(Set(files.map(\.name)) == items.reduce(into: []) { $0.formUnion($1.files) }, place)
        let bytes = items.reduce(0) { $0 + $1.bytes.count }
        #expect(try cases.find(Self.room)?.bytes == Int64(bytes), place)
        for item in items {
            let file = try #require(try cases.file(item.parts.name + ".age", of: Self.room))
            #expect(file.sizeBytes == item.bytes.count, place)
            #expect(try file.source.read(0..<UInt64(item.bytes.count)) == item.bytes, place)
        }
        #expect(service.rewritten.isEmpty, place)
    }

    @Test(arguments: [Fault.failed, .failedButPersisted, .lost, .crashed, .crashedAfter])
    func whatFailedIsRepeated(fault: Fault) throws {
        let counting = SimulatedBlobClient(SimulatedBlobs())
        try deposit(items[0], counting)
        for index in 0..<counting.requestCount {
            let service = SimulatedBlobs()
            try? deposit(items[0], SimulatedBlobClient(service, index: index, fault: fault))
            // What an index names is whole, also before it is repeated.
            let cases = BlobCases(SimulatedBlobClient(service), prefix: "cases/")
            for file in try cases.files(of: Self.room) ?? [] {
                let source = try #require(try cases.file(file.name, of: Self.room)).source
                #expect(try source.read(0..<UInt64(file.sizeBytes)).count == file.sizeBytes)
            }
            try deposit(items[0], SimulatedBlobClient(service))
            try check(service, [items[0]], "request \(index), \(fault)")
        }
    }

    @Test func twoProcessesAddToOneCase() throws {
        for first in stride(from: 0, to: 24, by: 1) {
            for second in stride(from: 0, to: 24, by: 3) {
                let order =
                    [Int](repeating: 0, count: first) + [Int](repeating: 1, count: second)
                let service = SimulatedBlobs()
                let turns = Turns(order)
                turns.run(
                    (0...1).map { number in
                        { [self] in
                            let client = SimulatedBlobClient(service) { turns.take(number, $0) }
                            #expect(throws: Never.self) { try deposit(items[number], client) }
                        }
                    }
                )
                try check(service, items, "\(first), then \(second)")
            }
        }
    }

    @Test func aCaseOfSomebodyElseIsNotTaken() throws {
        let cases = BlobCases(SimulatedBlobClient(SimulatedBlobs()), prefix: "cases/")
        #expect(try cases.make(Self.room, claim: Self.claim))
        #expect(try cases.make(Self.room, claim: Self.claim))
        #expect(try !cases.make(Self.room, claim: Array("cc dd\n".utf8)))
    }

    @Test func aPartThatRottedIsWrittenAgain() throws {
        let service = SimulatedBlobs()
        let client = SimulatedBlobClient(service)
        let item = items[1]
        try deposit(item, client)
        let key = "cases/\(Self.room)/\(item.parts.name).age.00000"
        let old = try #require(try client.get(key, countMax: 1 << 20))
        _ = try client.put(key, [0], if: .matching(old.tag), isKept: false)
        let cases = BlobCases(client, prefix: "cases/")
        _ = try cases.place(item.data, item.parts, in: Self.room)
        #expect(try client.get(key, countMax: 1 << 20)?.bytes == item.bytes)
    }

    // MARK: Offers

    @Test func whatIsRefusedCheaplyIsNotRead() throws {
        let client = SimulatedBlobClient(SimulatedBlobs())
        let place = try #require(try home.cases().first)
        let nonce = [UInt8](repeating: 0, count: 56)
        let offer = try DepositOffer(items[0].parts, of: place, node: "n", nonce: nonce)
        let room = Hex.encode(offer.upload.room)
        let cases = BlobCases(client, prefix: "cases/")
        let claim =
            "\(Hex.encode(items[0].parts.deposit.casePseudonym)) "
            + "\(Hex.encode(offer.upload.admission))\n"
        _ = try cases.make(room, claim: Array(claim.utf8))
        _ = try cases.place(items[0].data, items[0].parts, in: room)
        _ = try cases.complete(items[0].parts, in: room)

        func refusal(_ change: (inout DepositShelf.Limits) -> Void) -> DepositShelf.Refusal? {
            var limits = DepositShelf.Limits()
            change(&limits)
            let folder = BytePath(fixture.folder.path("shelf-\(UUID().uuidString)"))
            do {
                let shelf = try DepositShelf(
                    directory: folder,
                    cases: cases,
                    node: "n",
                    limits: limits
                )
                _ = try shelf.begin(offer, offer.bytes, ticket: nil, now: 0)
                return nil
            } catch {
                return error as? DepositShelf.Refusal
            }
        }
        let isRead = { client.readKeys.contains { $0.hasSuffix(".age.00000") } }
        #expect(refusal { $0.uploadCountMax = 0 } == .busy)
        #expect(refusal { $0.uploadsOfCaseMax = 0 } == .busy)
        #expect(refusal { $0.objectBytesMax = 1 } == .tooLarge)
        #expect(!isRead())
        #expect(refusal { _ in } == .present)
        #expect(isRead())
        // It is here: offering it again takes nothing of the quota.
        #expect(refusal { $0.caseBytesMax = Int64(items[0].bytes.count) } == .present)
    }
}
