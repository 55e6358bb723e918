// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Dispatch
internal import Encodings
internal import Glibc
package import Storage
internal import Synchronization

/// Objects in a bucket of an S3 service.
///
/// Only GET and PUT of single objects are used: nothing is listed, copied or removed, and of what a
/// service says about an error only its code is read.
///
/// Spec: `docs/spec/node-s3.md`, section 2.
package final class S3Store: BlobStore {
    /// How objects that never change are kept from being removed.
    package struct Retention: Sendable {
        /// `COMPLIANCE` or `GOVERNANCE`.
        package let mode: String
        /// When it ends, for an object that is written now: RFC 3339, in UTC.
        package let end: @Sendable () -> String

        /// A retention with these parts.
        package init(mode: String, end: @escaping @Sendable () -> String) {
            self.mode = mode
            self.end = end
        }
    }

    /// Requests at a time.
    private static let parallelCount = 8
    /// Seconds in which one try has to end, and in which nothing may stand still.
    private static let timeout = (trySeconds: 60, idleSeconds: 15)
    /// Longest error of a service that is looked at.
    private static let errorCountMax = 1 << 16
    /// Milliseconds until the second try; each waits twice as long as the one before.
    private static let pauseMilliseconds: (first: Int, max: Int) = (100, 5000)

    private let client: HTTPClient
    private let root: String
    private let bucketURL: String
    private let signature: HTTPClient.Signature
    private let retention: Retention?
    private let patienceSeconds: Int

    /// A store.
    ///
    /// - Parameters:
    ///   - place: Bucket and prefix.
    ///   - endpoint: URL of the service, which is then asked for paths that begin with the bucket;
    ///     without, Amazon's of the region.
    ///   - region: Of the bucket.
    ///   - credentials: Who asks.
    ///   - retention: How objects are kept that never change; not at all without.
    ///   - patienceSeconds: How long a request is tried.
    ///   - client: The way there.
    package init(
        _ place: S3Place,
        endpoint: String?,
        region: String,
        credentials: S3Credentials,
        retention: Retention?,
        patienceSeconds: Int = 60,
        client: HTTPClient
    ) {
        bucketURL =
            endpoint.map { "\($0)/\(place.bucket)" }
            ?? "https://\(place.bucket).s3.\(region).amazonaws.com"
        root = "\(bucketURL)/\(place.prefix)"
        signature = HTTPClient.Signature(scope: "aws:amz:\(region):s3", credentials: credentials)
        self.retention = retention
        self.patienceSeconds = patienceSeconds
        self.client = client
    }

    /// See ``BlobStore/get(_:_:countMax:)``.
    package func get(_ key: String, _ range: Range<UInt64>?, countMax: Int) throws -> Blob? {
        var request = HTTPClient.Request(
            url: root + key,
            countMax: max(countMax, Self.errorCountMax),
            timeoutMilliseconds: Self.timeout.trySeconds * 1000
        )
        if let range {
            precondition(!range.isEmpty, "a part has bytes")
            request.headers.append("Range: bytes=\(range.lowerBound)-\(range.upperBound - 1)")
        }
        let response = try answer(request, payload: [])
        switch response.status {
        case 200 where range == nil, 206 where range != nil:
            guard response.body.count <= range?.count ?? countMax else {
                throw BlobFailure.damaged(key: key)
            }
            return Blob(bytes: response.body, tag: try Self.tag(response, key))
        case 404 where Self.code(response) == "NoSuchKey": return nil
        default: throw BlobFailure.refused(Self.code(response))
        }
    }

    /// See ``BlobStore/put(_:_:if:isKept:)``.
    package func put(
        _ key: String,
        _ bytes: [UInt8],
        if condition: BlobCondition,
        isKept: Bool
    ) throws -> BlobTag? {
        var request = HTTPClient.Request(
            url: root + key,
            body: bytes,
            countMax: Self.errorCountMax,
            timeoutMilliseconds: Self.timeout.trySeconds * 1000
        )
        request.method = "PUT"
        request.headers = ["Content-Type: application/octet-stream"]
        switch condition {
        case .absent: request.headers.append("If-None-Match: *")
        case .matching(let tag): request.headers.append("If-Match: \(tag.text)")
        }
        let digest = SHA256.hash(bytes)
        // A retention is taken only of a request that says what it brings.
        request.headers += [
            "x-amz-checksum-sha256: \(Base64.encode(digest))",
            "x-amz-sdk-checksum-algorithm: SHA256",
        ]
        if isKept, let retention {
            request.headers += [
                "x-amz-object-lock-mode: \(retention.mode)",
                "x-amz-object-lock-retain-until-date: \(retention.end())",
            ]
        }
        let response = try answer(request, payload: bytes)
        switch response.status {
        case 200: return try Self.tag(response, key)
        case 412: return nil
        // What should be in a certain state is not there at all.
        case 404 where Self.code(response) == "NoSuchKey": return nil
        default: throw BlobFailure.refused(Self.code(response))
        }
    }

    /// See ``BlobStore/inParallel(_:_:)``.
    package func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        let group = DispatchGroup()
        let next = Counter()
        for _ in 0..<min(count, Self.parallelCount) {
            DispatchQueue.global().async(group: group) {
                while let index = next.take(below: count) { body(index) }
            }
        }
        group.wait()
    }

    /// Whether the bucket takes a retention, as far as we may know.
    ///
    /// - Throws: ``BlobFailure``.
    package func takesRetention() throws -> Bool {
        let request = HTTPClient.Request(
            url: bucketURL + "/?object-lock=",
            countMax: Self.errorCountMax,
            timeoutMilliseconds: Self.timeout.trySeconds * 1000
        )
        return try answer(request, payload: []).status != 404
    }

    // MARK: Asking

    /// Sends a request until there is an answer that says something, or patience ends.
    ///
    /// - Throws: `.unreachable`; `.refused` where no try can have been done.
    private func answer(
        _ request: HTTPClient.Request,
        payload: [UInt8]
    ) throws -> HTTPClient.Response {
        var request = request
        request.idleSeconds = Self.timeout.idleSeconds
        request.signature = signature
        request.headers.append("x-amz-content-sha256: \(Hex.encode(SHA256.hash(payload)))")
        if let token = signature.credentials.token {
            request.headers.append("x-amz-security-token: \(token)")
        }
        let end = ContinuousClock.now + .seconds(patienceSeconds)
        var pause = Self.pauseMilliseconds.first
        var isUncertain = false
        while true {
            switch Result(catching: { () throws(HTTPClient.Failure) in try client.send(request) }) {
            case .success(let response) where Self.isPassing(response.status):
                isUncertain = isUncertain || response.status >= 500
            case .success(let response):
                let isDecided = response.status < 300 || [404, 412].contains(response.status)
                guard isDecided || !isUncertain else { throw BlobFailure.unreachable }
                return response
            case .failure(.malformedURL): throw BlobFailure.refused("malformedURL")
            case .failure(.notTrusted): throw BlobFailure.refused("certificate")
            case .failure(.tooLong): throw BlobFailure.refused("tooLong")
            case .failure(.unreachable(let code)) where Self.notConnected.contains(code): break
            case .failure: isUncertain = true
            }
            guard .now + .milliseconds(pause) < end else { throw BlobFailure.unreachable }
            usleep(UInt32(pause) * 1000)
            pause = min(2 * pause, Self.pauseMilliseconds.max)
        }
    }

    /// No name, no route, no server: libcurl's numbers for what never left this machine.
    private static let notConnected: Set<Int> = [5, 6, 7]

    /// Whether the same request may have another answer soon.
    ///
    /// 409 is a conflict of writers that ask at the same moment: the service did nothing.
    private static func isPassing(_ status: Int) -> Bool {
        [408, 409, 429].contains(status) || (500...599).contains(status) && status != 501
    }

    private static func tag(_ response: HTTPClient.Response, _ key: String) throws -> BlobTag {
        guard let text = response.headers["etag"], (1...256).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { throw BlobFailure.damaged(key: key) }
        return BlobTag(text)
    }

    /// The word for an error: letters between the only `<Code>` and its end, or the status.
    private static func code(_ response: HTTPClient.Response) -> String {
        let parts = String(decoding: response.body, as: UTF8.self)
            .split(separator: "<Code>", omittingEmptySubsequences: false)
        let status = String(response.status)
        guard parts.count == 2, let end = parts[1].firstIndex(of: "<") else { return status }
        let word = parts[1][..<end]
        guard parts[1][end...].hasPrefix("</Code>"), (1...64).contains(word.utf8.count),
            word.utf8.allSatisfy({ Character(UnicodeScalar($0)).isLetter && $0 < 0x80 })
        else { return status }
        return String(word)
    }
}

/// Numbers the pieces of work that are done in parallel.
private final class Counter: Sendable {
    private let next = Atomic(0)

    func take(below count: Int) -> Int? {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}
