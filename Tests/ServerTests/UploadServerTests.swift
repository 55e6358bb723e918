// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import BulkCrypto
import Encodings
import Foundation
import Outside
import Sodium
import Testing
import TransparencyLog
import Vault

/// Uploads to a real node, with tus as any client speaks it.
@Suite(.serialized) struct UploadServerTests {
    @Test func goesOnAfterACutAtAnyByteAndAfterSIGKILL() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(2_300_000, home: "elena")
        let object = try fixture.object(item, home: "elena")
        var node = try fixture.startNode()
        let home = try fixture.open("elena")
        var upload = try RawUpload(home, node)
        let piece = CiphertextRoot.pieceCount
        let cuts = [1, 2, 65_535, piece - 1, piece, piece + 1, 2 * piece, object.count - 1]
        var offset = 0
        for (number, end) in cuts.enumerated() {
            try upload.cut(
                Array(object[offset..<end]),
                at: offset,
                announcing: object.count - offset
            )
            // What is on its way when the line breaks still arrives; to ask would be to take over.
            #expect(try eventually { try fixture.uploaded() == end }, "cut at \(end)")
            #expect(try upload.offset() == end)
            offset = end
            guard number % 3 == 1 else { continue }
            node.kill()
            node = try fixture.startNode()
            upload = RawUpload(upload.path, node)
            #expect(try upload.offset() == end)
        }
        #expect(try upload.append(Array(object[offset...]), at: offset).status == 204)
        #expect(try upload.offset() == object.count)
        let stored = try fixture.room().appending(path: "\(item).age")
        #expect(Array(try Data(contentsOf: stored)) == object)
        let receipt = try fixture.room().appending(path: "\(item).receipt")
        #expect(eventually { FileManager.default.fileExists(atPath: receipt.path) })
        let parsed = try Receipt(parsing: Array(Data(contentsOf: receipt)))
        _ = try parsed.verify()
        #expect(parsed.log.encoded == fixture.logKey)
        #expect(node.terminate() == 0)
    }

    @Test func refusesEverythingThatWasNotOffered() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(1_500_000, home: "elena")
        let object = try fixture.object(item, home: "elena")
        let node = try fixture.startNode()
        let home = try fixture.open("elena")
        let upload = try RawUpload(home, node)
        let piece = CiphertextRoot.pieceCount
        // A byte that is not the one offered: what came of that piece is dropped.
        var wrong = object
        wrong[piece + 5] ^= 1
        #expect(try upload.append(wrong, at: 0).status == 460)
        #expect(try upload.offset() == piece)
        // A checksum that does not fit.
        let half = Array(object[piece..<(piece + 1000)])
        let other = "Upload-Checksum: sha1 \(Base64.encode([UInt8](repeating: 7, count: 20)))"
        #expect(try upload.append(half, at: piece, [other]).status == 460)
        #expect(try upload.offset() == piece)
        let right = "Upload-Checksum: sha256 \(Base64.encode(SHA256.hash(half)))"
        #expect(try upload.append(half, at: piece, [right]).status == 204)
        #expect(try upload.append(half, at: piece, ["Upload-Checksum: md5 AA=="]).status == 400)
        // Another place, more than there is, taking back, another version, another capability.
        #expect(try upload.append([1], at: piece).status == 409)
        let rest = Array(object[(piece + 1000)...])
        #expect(try upload.append(rest + [0], at: piece + 1000).status == 413)
        #expect(try upload.send("DELETE", nil, []).status == 405)
        let version = ["Tus-Resumable: 0.2.2"]
        var request = HTTPClient.Request(
            url: node.url + upload.path,
            countMax: 1000,
            timeoutMilliseconds: 60_000
        )
        request.method = "HEAD"
        request.headers = version
        #expect(try HTTPClient().send(request).status == 412)
        let stranger = RawUpload("/uploads/" + String(repeating: "0", count: 64), node)
        #expect(try stranger.send("HEAD", nil, []).status == 404)
        let options = try upload.send("OPTIONS", nil, [])
        #expect(options.headers["tus-extension"] == "creation,checksum,expiration")
        // The upload itself is as good as before.
        let (here, size) = (try #require(try upload.offset()), object.count)
        #expect(try upload.append(Array(object[here...]), at: here).status == 204)
        #expect(try upload.offset() == size)
    }

    @Test func takesOffersOnceHereAndUnchanged() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(5000, home: "elena")
        let count = try fixture.object(item, home: "elena").count
        let node = try fixture.startNode(["--case-quota", "\(2 * count + 10)"])
        let home = try fixture.open("elena")
        let first = try RawUpload.begin(home, node)
        #expect(first.response.status == 201)
        #expect(try RawUpload.begin(home, node, nonce: first.nonce).response.status == 403)
        let forged = [UInt8](repeating: 1, count: 56)
        #expect(try RawUpload.begin(home, node, nonce: forged).response.status == 403)
        let elsewhere = try RawUpload.begin(home, node, logName: "other.example/vault")
        #expect(elsewhere.response.status == 403)
        for offset in [30, 400, 900, 2000, 4000] {
            let changed = try RawUpload.begin(home, node) { bytes in
                var bytes = bytes
                bytes[offset] ^= 1
                return bytes
            }
            #expect((400...403).contains(changed.response.status), "byte \(offset)")
        }
        // Offers that are open count against the quota of a case.
        #expect(try RawUpload.begin(home, node).response.status == 201)
        #expect(try RawUpload.begin(home, node).response.status == 507)
        let upload = RawUpload(try #require(first.response.headers["location"]), node)
        let object = try fixture.object(item, home: "elena")
        #expect(try upload.append(object, at: 0).status == 204)
        #expect(try eventually { try RawUpload.begin(home, node).response.status == 409 })
        // Nobody without the token sees that there is a case.
        let token = Hex.encode([UInt8](repeating: 3, count: 32))
        for path in ["/cases", "/cases/", "/cases/\(token)", "/cases/\(token)/../claim"] {
            #expect(try RawConnection.status("GET \(path) HTTP/1.1", port: node.port) == 404)
        }
        let known = Hex.encode(try #require(try home.cases().first).nodeToken())
        #expect(try node.get("/cases/\(known)").status == 200)
        for name in ["claim", "..", "\(item).age.tmp", "\(item).AGE", "%2e%2e"] {
            let line = "GET /cases/\(known)/\(name) HTTP/1.1"
            #expect(try RawConnection.status(line, port: node.port) == 404, "\(name)")
        }
        #expect(throws: ServerProcess.StartFailure.self) { try fixture.startNode() }
    }

    @Test func tuspyDoesTheTransfer() throws {
        let fixture = try DepositFixture()
        try fixture.makeVault("elena")
        let item = try fixture.deposit(1_300_000, home: "elena")
        let object = try fixture.object(item, home: "elena")
        let node = try fixture.startNode()
        let upload = try RawUpload(try fixture.open("elena"), node)
        let script = """
            import sys
            try:
                from tusclient import client
            except ImportError:
                sys.exit(77)
            me = client.TusClient(sys.argv[1])
            for stop in (300000, None):
                sender = me.uploader(sys.argv[3], chunk_size=100000, upload_checksum=True)
                sender.set_url(sys.argv[1] + sys.argv[2])
                sender.offset = sender.get_offset()
                sender.upload(stop_at=stop)
            """
        try Data(script.utf8).write(to: fixture.url("send.py"))
        try Data(object).write(to: fixture.url("object"))
        let python = Process()
        python.executableURL = TestPython.executable
        python.arguments = ["send.py", node.url, upload.path, "object"]
        python.currentDirectoryURL = fixture.folder.url
        python.environment = ProcessInfo.processInfo.environment.merging(["no_proxy": "*"]) { $1 }
        try python.run()
        python.waitUntilExit()
        if python.terminationStatus == 77 {
            TestPython.skip("the Python package tuspy")
            return
        }
        #expect(python.terminationStatus == 0)
        #expect(try upload.offset() == object.count)
        let stored = try fixture.room().appending(path: "\(item).age")
        #expect(Array(try Data(contentsOf: stored)) == object)
    }
}
