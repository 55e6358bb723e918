// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Storage
import Testing
import TransparencyLog

/// The real witness, over HTTP, against the vectors and against SIGKILL.
@Suite(.serialized) struct WitnessServerTests {
    private struct Vectors: Decodable {
        struct Step: Decodable {
            let name: String
            let fresh_witness: Bool
            let request: String
            let spec_status: Int
        }

        let log_vkey: String
        let steps: [Step]
    }

    private func vectors() throws -> Vectors? {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "../shared/vectors/interop-tlog/witness-add-checkpoint.json")
        guard FileManager.default.fileExists(atPath: url.standardizedFileURL.path) else {
            print("skipped: no vectors/interop-tlog")
            if ProcessInfo.processInfo.environment["CI"] != nil {
                Issue.record("vectors/interop-tlog are missing")
            }
            return nil
        }
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: url))
    }

    @Test func answersEveryStepOfTheVectorsAsTheSpecificationSays() throws {
        guard let vectors = try vectors() else { return }
        let fixture = try NodeFixture()
        func start(_ home: String) throws -> (ServerProcess, NoteVerifier) {
            let key = try fixture.makeWitness(home)
            let server = try ServerProcess(
                [
                    "witness", "serve", "--log", vectors.log_vkey,
                    "--home", fixture.folder.path(home),
                ],
                in: fixture.folder.url
            )
            return (server, try NoteVerifier(parsing: key))
        }
        let kept = try start("kept")
        for (index, step) in vectors.steps.enumerated() {
            let (server, key) = try step.fresh_witness ? start("fresh\(index)") : kept
            let body = Array(step.request.utf8)
            let answer = try server.post("/add-checkpoint", body)
            #expect(answer.status == step.spec_status, "\(step.name)")
            if answer.status == 409 {
                #expect(answer.mediaType == "text/x.tlog.size", "\(step.name)")
                let known = WitnessRequest.knownSize(in: answer.body)
                #expect(known == (step.fresh_witness ? 0 : 10), "\(step.name)")
            }
            if answer.status == 200 {
                let note = try WitnessRequest(parsing: body).note
                let lines = try WitnessRequest.cosignatures(in: answer.body)
                let verified = try SignedNote(text: note.text, signatures: lines).verify([key])
                #expect(verified.count == 1 && (verified.first?.time ?? 0) > 0, "\(step.name)")
            }
        }
        let folder = Hexadecimal.sha256("example.com/vault-log")
        let shown = try kept.0.get("/\(folder)/checkpoint")
        let checkpoint = try Checkpoint(parsing: try SignedNote(parsing: shown.body).text)
        #expect(checkpoint.size == 300)
        #expect(try kept.0.get("/\(Hexadecimal.sha256("other"))/checkpoint").status == 404)
    }

    @Test func whatItCosignedSurvivesSIGKILL() throws {
        let fixture = try NodeFixture()
        let log = try fixture.create()
        let key = try NoteVerifier(parsing: try fixture.makeWitness("w"))
        // The same name and key, another history.
        let fork = try fixture.create(fixture.folder.path("fork"))
        var left: UInt64 = 0
        var server = try fixture.startWitness("w")
        for round in 0..<8 {
            let victim = server.processIdentifier
            let killer = Thread {
                usleep(UInt32(2_000 + 3_000 * round))
                kill(victim, SIGKILL)
            }
            for number in 0..<200 {
                // It is killed amid work, however slow the machine is.
                if number == 1 { killer.start() }
                let old = log.size
                let first = Int(old)
                _ = try log.append(NodeFixture.entries(first..<(first + 2)), time: 1)
                let request = WitnessRequest(
                    oldSize: left,
                    proof: try log.reader.consistencyProof(from: left),
                    note: log.reader.note
                )
                guard let answer = try? server.post("/add-checkpoint", request.encoded) else {
                    break
                }
                if answer.status == 409 {
                    left = try #require(WitnessRequest.knownSize(in: answer.body))
                    continue
                }
                #expect(answer.status == 200)
                left = log.size
            }
            server.kill()
            server = try fixture.startWitness("w")
            let shown = try server.get("/\(Hexadecimal.sha256("example.com/log"))/checkpoint")
            guard shown.status == 200 else {
                #expect(left == 0)
                continue
            }
            let note = try SignedNote(parsing: shown.body)
            _ = try note.verify([key])
            let size = try Checkpoint(parsing: note.text).size
            #expect(size >= left, "round \(round)")
            left = size
            // Another history of the size that it has cosigned is refused.
            let forked = Int(fork.size)
            _ = try fork.append(NodeFixture.entries(forked..<Int(size), prefix: "x"), time: 1)
            let other = WitnessRequest(oldSize: size, proof: [], note: fork.reader.note)
            #expect(try server.post("/add-checkpoint", other.encoded).status == 422)
        }
        #expect(left > 0)
    }

    @Test func twoProcessesDoNotShareOneMemory() throws {
        let fixture = try NodeFixture()
        _ = try fixture.makeWitness("w")
        let first = try fixture.startWitness("w")
        #expect(throws: ServerProcess.StartFailure.self) { try fixture.startWitness("w") }
        #expect(first.terminate() == 0)
        #expect(try fixture.startWitness("w").terminate() == 0)
    }

    @Test func garbageIsRefusedAndTheServerGoesOn() throws {
        let fixture = try NodeFixture()
        _ = try fixture.makeWitness("w")
        let server = try fixture.startWitness("w")
        #expect(try server.post("/add-checkpoint", []).status == 400)
        #expect(try server.post("/add-checkpoint", [0xff, 0x0a]).status == 400)
        let long = [UInt8](repeating: 0x61, count: WitnessRequest.countMax + 1)
        #expect(try server.post("/add-checkpoint", long).status == 413)
        #expect(try server.get("/add-checkpoint").status == 405)
        #expect(try server.get("/").status == 404)
        #expect(try server.get("/health").body == Array("ok\n".utf8))
        #expect(try RawConnection.status("DELETE /health HTTP/1.1", port: server.port) == 405)
    }
}
