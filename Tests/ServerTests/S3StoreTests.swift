// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Outside
import Sodium
import Storage
import Synchronization
import Testing

/// One store as an S3 service has it, and services that answer otherwise.
@Suite struct S3StoreTests {
    private static func credentials(_ text: String) -> S3Credentials? {
        S3Credentials(parsing: SecretBytes(copying: Array(text.utf8)))
    }

    private static let plain = "access-key-id AKIDEXAMPLE\nsecret-access-key secret\n"

    private func store(at url: String, patience: Int = 1) throws -> S3Store {
        let credentials = Self.credentials(Self.plain)
        return S3Store(
            try #require(S3Place("s3://evidence")),
            endpoint: url,
            region: "us-east-1",
            credentials: try #require(credentials),
            retention: nil,
            patienceSeconds: patience,
            client: HTTPClient()
        )
    }

    @Test func writesAreBoundToWhatIsThere() throws {
        guard let service = try S3Service(TestFolder()) else { return }
        let store = try service.store()
        #expect(try store.get("a", countMax: 10) == nil)
        let first = try #require(try store.put("a", [1], if: .absent, isKept: false))
        #expect(try store.put("a", [2], if: .absent, isKept: false) == nil)
        let second = try #require(
            try store.put("a", [3, 4, 5], if: .matching(first), isKept: false)
        )
        #expect(try store.put("a", [6], if: .matching(first), isKept: false) == nil)
        #expect(try store.put("b", [6], if: .matching(first), isKept: false) == nil)
        #expect(try store.get("a", countMax: 3) == Blob(bytes: [3, 4, 5], tag: second))
        #expect(try store.get("a", 1..<9, countMax: 8)?.bytes == [4, 5])
        #expect(throws: BlobFailure.damaged(key: "a")) { try store.get("a", countMax: 2) }
        // Bytes that are no text, more than libcurl sends without asking first, and none.
        let long = randomBytes(3 << 20)
        _ = try store.put("long", long, if: .absent, isKept: true)
        #expect(try store.get("long", countMax: long.count)?.bytes == long)
        _ = try store.put("empty", [], if: .absent, isKept: false)
        #expect(try store.get("empty", countMax: 1)?.bytes == [])
        #expect(throws: BlobFailure.damaged(key: "a")) {
            try store.settle([("a", [3, 4, 5]), ("c", [1]), ("a", [9, 9, 9])])
        }
        try store.settle((0..<40).map { ("d/\($0)", [UInt8($0)]) })
        try store.settle((0..<40).map { ("d/\($0)", [UInt8($0)]) })
        #expect(try service.keys().count { $0.hasPrefix("own/d/") } == 40)
    }

    @Test func otherKeysAreRefused() throws {
        let folder = try TestFolder()
        guard let service = try S3Service(folder) else { return }
        try Data(Self.plain.utf8).write(to: folder.url.appending(path: "wrong"))
        let store = try service.store(keys: "wrong")
        #expect(throws: BlobFailure.refused("SignatureDoesNotMatch")) {
            try store.get("a", countMax: 1)
        }
        #expect(throws: BlobFailure.refused("SignatureDoesNotMatch")) {
            try store.put("a", [1], if: .absent, isKept: false)
        }
    }

    @Test func whatIsKeptCannotBeRemoved() throws {
        guard let service = try S3Service(TestFolder()) else { return }
        let end = "2099-01-02T03:04:05Z"
        let retention = S3Store.Retention(mode: "COMPLIANCE") { end }
        let store = try service.store(retention: retention)
        #expect(try store.takesRetention())
        _ = try store.put("kept", [1], if: .absent, isKept: true)
        _ = try store.put("free", [1], if: .absent, isKept: false)
        let kept = try service.look("HEAD", "/own/kept")
        #expect(kept.headers["x-amz-object-lock-mode"] == "COMPLIANCE")
        #expect(
            kept.headers["x-amz-object-lock-retain-until-date"]?.hasPrefix("2099-01-02T03:04:05")
                == true
        )
        let free = try service.look("HEAD", "/own/free")
        #expect(free.headers["x-amz-object-lock-mode"] == nil)
        for (name, look, status) in [("kept", kept, 403), ("free", free, 204)] {
            let version = try #require(look.headers["x-amz-version-id"])
            let removed = try service.look("DELETE", "/own/\(name)?versionId=\(version)")
            #expect(removed.status == status)
        }
    }

    /// A service that gives these answers one after the other, the last one for ever.
    private func ask<Value>(
        _ replies: [LyingServer.Reply],
        patience: Int = 1,
        _ body: (S3Store) throws -> Value
    ) throws -> (result: Result<Value, any Error>, requests: Int) {
        let count = Mutex(0)
        let server = try LyingServer { _ in
            let index = count.withLock { count in
                defer { count += 1 }
                return count
            }
            return replies[min(index, replies.count - 1)]
        }
        let store = try store(at: server.url, patience: patience)
        return (Result { try body(store) }, count.withLock { $0 })
    }

    private static func error(_ status: Int, _ code: String) -> LyingServer.Reply {
        .status(status, Array("<Error><Code>\(code)</Code></Error>".utf8))
    }

    private func failure(
        _ replies: [LyingServer.Reply],
        _ body: (S3Store) throws -> Void
    ) throws -> BlobFailure? {
        switch try ask(replies, body).result {
        case .success: return nil
        case .failure(let error): return error as? BlobFailure
        }
    }

    @Test func whatPassesIsAskedAgain() throws {
        let good = LyingServer.Reply.status(200, [], ["ETag: \"1\""])
        let replies = [
            Self.error(503, "SlowDown"), Self.error(409, "ConditionalRequestConflict"),
            .raw([]), good,
        ]
        let (result, requests) = try ask(replies, patience: 20) { store in
            try store.put("a", [1], if: .absent, isKept: false)
        }
        #expect(try result.get() == BlobTag("\"1\""))
        #expect(requests == 4)
    }

    @Test func whatMayHaveBeenDoneIsNotCalledRefused() throws {
        let put: (S3Store) throws -> Void = {
            _ = try $0.put("a", [1], if: .absent, isKept: false)
        }
        #expect(try failure([Self.error(403, "AccessDenied")], put) == .refused("AccessDenied"))
        let unsure = [Self.error(500, "InternalError"), Self.error(403, "AccessDenied")]
        #expect(try failure(unsure, put) == .unreachable)
        #expect(try failure([Self.error(503, "SlowDown")], put) == .unreachable)
        #expect(try failure([.raw([])], put) == .unreachable)
        #expect(try failure([Self.error(404, "NoSuchBucket")], put) == .refused("NoSuchBucket"))
        #expect(try failure([.status(307, [], ["Location: /elsewhere"])], put) == .refused("307"))
        #expect(try failure([Self.error(400, "a b<")], put) == .refused("400"))
        #expect(try failure([.status(200)], put) == .damaged(key: "a"))
        #expect(try failure([.status(200, [], ["ETag: a b"])], put) == .damaged(key: "a"))
    }

    @Test func answersThatCannotBeAreNotTaken() throws {
        let get: (S3Store) throws -> Void = { _ = try $0.get("a", countMax: 100) }
        let tag = ["ETag: \"1\""]
        let long = [UInt8](repeating: 7, count: 1 << 17)
        #expect(try failure([.status(200, long, tag)], get) == .refused("tooLong"))
        #expect(
            try failure([.status(200, [UInt8](long.prefix(101)), tag)], get) == .damaged(key: "a")
        )
        #expect(try failure([.status(206, [1], tag)], get) == .refused("206"))
        #expect(try failure([.status(200, [1], tag, announcing: 50)], get) == .unreachable)
        #expect(try failure([.status(200, [1])], get) == .damaged(key: "a"))
        #expect(try failure([.status(404, [1])], get) == .refused("404"))
        let part: (S3Store) throws -> Void = { _ = try $0.get("a", 0..<4, countMax: 100) }
        #expect(try failure([.status(200, [1, 2, 3, 4], tag)], part) == .refused("200"))
        #expect(try failure([.status(206, [1, 2, 3, 4, 5], tag)], part) == .damaged(key: "a"))
    }

    @Test func aServiceThatIsNotThereIsUnreachable() throws {
        let store = try store(at: "http://127.0.0.1:1")
        #expect(throws: BlobFailure.unreachable) { try store.get("a", countMax: 1) }
        #expect(throws: BlobFailure.unreachable) {
            try store.put("a", [1], if: .absent, isKept: false)
        }
    }

    @Test(
        arguments: [
            "s3://evidence", "s3://evidence/", "s3://a.b-c/x/Y_1", "s3://abc/x/",
        ]
    )
    func placesAreRead(text: String) {
        #expect(S3Place(text) != nil)
    }

    @Test(
        arguments: [
            "evidence", "s3://", "s3://ab", "s3://Evidence", "s3://evidence//x", "s3://evidence/..",
            "s3://evidence/a b", "s3://evidence/é", "s3://.ab", "https://evidence",
            "s3://evidence/a?b",
        ]
    )
    func otherPlacesAreNot(text: String) {
        #expect(S3Place(text) == nil)
    }

    @Test func endpointsAreSafe() {
        #expect(S3Place.endpoint("https://s3.example/") == "https://s3.example")
        #expect(S3Place.endpoint("http://127.0.0.1:9000") == "http://127.0.0.1:9000")
        #expect(S3Place.endpoint("http://[::1]:9000") == "http://[::1]:9000")
        for text in [
            "http://s3.example", "http://127.0.0.1.example", "http://localhost.example",
            "ftp://127.0.0.1", "https://", "https://a/b", "https://u@a", "https://a?b",
        ] {
            #expect(S3Place.endpoint(text) == nil, "\(text)")
        }
    }

    @Test func credentialsAreTwoLinesOrThree() {
        #expect(Self.credentials(Self.plain) != nil)
        #expect(Self.credentials("# of the node\n" + Self.plain + "session-token abc") != nil)
        for text in [
            "", "access-key-id a\n", Self.plain + Self.plain, Self.plain + "other x\n",
            Self.plain + "session-token\n", Self.plain + "session-token a\r\n",
        ] {
            #expect(Self.credentials(text) == nil, "\(text)")
        }
    }
}
