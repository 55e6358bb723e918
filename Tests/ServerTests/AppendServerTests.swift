// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Outside
import Sodium
import Storage
import Synchronization
import Testing
import TransparencyLog

/// Many programs append through one node; what has a receipt is in the log, whatever happens.
@Suite(.serialized) struct AppendServerTests {
    private final class Receipts: Sendable {
        private let all = Mutex<[(entry: [UInt8], proof: TlogProof)]>([])

        func add(_ entry: [UInt8], _ proof: TlogProof) {
            all.withLock { $0.append((entry, proof)) }
        }
        var list: [(entry: [UInt8], proof: TlogProof)] { all.withLock { $0 } }
    }

    private struct Stage {
        let fixture: NodeFixture
        let witnesses: [ServerProcess]
        let policyFile: String
        let policy: LogPolicy

        init() throws {
            fixture = try NodeFixture()
            _ = try fixture.create()
            try Data(fixture.signer.encoded().reveal()).write(
                to: URL(filePath: fixture.folder.path("key"))
            )
            let names = ["w0", "w1", "w2"]
            let keys = try names.map { [fixture] in try fixture.makeWitness($0) }
            let started = try names.map { [fixture] in try fixture.startWitness($0) }
            witnesses = started
            policyFile = try fixture.writePolicy(
                zip(keys, started).map { ($0, $1.url) },
                threshold: 2
            )
            policy = try LogPolicy(parsing: Array(Data(contentsOf: URL(filePath: policyFile))))
        }

        var socket: String { fixture.folder.path("append") }

        func startNode() throws -> ServerProcess {
            try? FileManager.default.removeItem(atPath: socket)
            let node = try fixture.startNode(
                policyFile,
                [
                    "--key", "log=\(fixture.folder.path("key"))", "--append-socket", socket,
                    "--heartbeat", "0",
                ]
            )
            #expect(eventually { FileManager.default.fileExists(atPath: socket) })
            return node
        }

        /// Appends from several threads until each has done its part, or the node is gone.
        func append(threads: Int, each: Int, name: String, to receipts: Receipts) {
            let socket = socket
            let running = (0..<threads).map { thread in
                let worker = Thread {
                    let client = HTTPClient(route: .init(socket: socket))
                    for number in 0..<each {
                        let entry = Array("\(name) \(thread) \(number)".utf8)
                        let request = HTTPClient.Request(
                            url: "http://node/log/append",
                            body: entry,
                            countMax: TlogProof.countMax,
                            timeoutMilliseconds: 60_000
                        )
                        guard let answer = try? client.send(request), answer.status == 200,
                            let proof = try? TlogProof(parsing: answer.body)
                        else { return }
                        receipts.add(entry, proof)
                    }
                }
                worker.start()
                return worker
            }
            for worker in running {
                while !worker.isFinished { usleep(2000) }
            }
        }
    }

    @Test func entriesThatWaitTogetherShareACheckpointAndEachGetsItsReceipt() throws {
        let stage = try Stage()
        let node = try stage.startNode()
        let receipts = Receipts()
        stage.append(threads: 24, each: 8, name: "a", to: receipts)
        #expect(receipts.list.count == 24 * 8)
        for (entry, proof) in receipts.list {
            let verified = try proof.verify(leaf: .leaf(entry), policy: stage.policy)
            #expect(verified.cosignatures.count >= 2)
        }
        #expect(Set(receipts.list.map { $0.proof.index }).count == 24 * 8)
        let checkpoints = Set(receipts.list.map { $0.proof.note.text })
        #expect(checkpoints.count < 24 * 8)
        let long = try HTTPClient(route: .init(socket: stage.socket)).send(
            .init(
                url: "http://node/log/append",
                body: [UInt8](repeating: 0, count: 65_536),
                countMax: 1000,
                timeoutMilliseconds: 60_000
            )
        )
        #expect(long.status == 413)
        // Nobody appends from outside.
        #expect(try node.post("/log/append", [1]).status == 404)
        #expect(node.terminate() == 0)
    }

    @Test func fourHundredProgramsMayCallBeforeOneIsAnswered() throws {
        let stage = try Stage()
        let node = try stage.startNode()
        kill(node.processIdentifier, SIGSTOP)
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let callers = (0..<400).map { _ in socket(AF_UNIX, kind, 0) }
        // A full queue would turn a caller away at once.
        let results = callers.map { Self.connect($0, to: stage.socket) }
        #expect(results.allSatisfy { $0 == 0 })
        for caller in callers { close(caller) }
        kill(node.processIdentifier, SIGCONT)
        let receipts = Receipts()
        stage.append(threads: 1, each: 1, name: "after", to: receipts)
        #expect(receipts.list.count == 1)
        #expect(node.terminate() == 0)
    }

    private static func connect(_ descriptor: Int32, to path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe place.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe Glibc.connect(descriptor, pointer, size)
            }
        }
    }

    @Test func whatHasAReceiptSurvivesSIGKILLUnderLoad() throws {
        let stage = try Stage()
        let receipts = Receipts()
        for round in 0..<5 {
            let node = try stage.startNode()
            let victim = node.processIdentifier
            let killer = Thread {
                usleep(UInt32(120_000 + 40_000 * round))
                kill(victim, SIGKILL)
            }
            killer.start()
            stage.append(threads: 8, each: 400, name: "round \(round)", to: receipts)
            node.waitUntilExit()
            let reader = try TiledLogReader(
                directory: stage.fixture.directory,
                log: stage.fixture.signer.verifier
            )
            #expect(throws: Never.self) { try reader.audit() }
            for (entry, proof) in receipts.list {
                #expect(try reader.entry(at: proof.index) == entry)
                #expect(throws: Never.self) {
                    try proof.verify(leaf: .leaf(entry), policy: stage.policy)
                }
            }
        }
        #expect(!receipts.list.isEmpty)
    }
}
