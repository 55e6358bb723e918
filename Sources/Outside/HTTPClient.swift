// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Dispatch
internal import Sodium
internal import Synchronization

/// Asks HTTP servers, with libcurl.
///
/// No redirects are followed, no cookies kept, no credentials sent; only `http` and `https` are
/// spoken, and certificates are always checked. Connections are reused.
package final class HTTPClient: Sendable {
    /// One request.
    package struct Request: Sendable {
        /// Where to.
        package let url: String
        /// What to send with POST; nil asks with GET.
        package let body: [UInt8]?
        /// The longest answer that is accepted, in bytes.
        package let countMax: Int
        /// When to give up, in milliseconds from the start.
        package let timeoutMilliseconds: Int
        /// Another method than GET and POST.
        package var method: String?
        /// Headers, `Name: value` each.
        package var headers: [String] = []
        /// When to give up because nothing moves, in seconds; nil does not look.
        package var idleSeconds: Int?
        /// Who signs the request, where that is asked for.
        package var signature: Signature?
        /// Called with the bytes of the body that were sent so far.
        package var onSent: (@Sendable (Int64) -> Void)?

        /// A request with these parts.
        package init(url: String, body: [UInt8]? = nil, countMax: Int, timeoutMilliseconds: Int) {
            self.url = url
            self.body = body
            self.countMax = countMax
            self.timeoutMilliseconds = timeoutMilliseconds
        }
    }

    /// How a request is signed: AWS Signature Version 4.
    package struct Signature: Sendable {
        /// `PROVIDER:PROVIDER:REGION:SERVICE`, as libcurl writes it.
        let scope: String
        let credentials: S3Credentials
    }

    /// What a server answered, whatever its status.
    package struct Response: Equatable, Sendable {
        /// The HTTP status.
        package let status: Int
        /// The content type as sent.
        package let mediaType: String?
        /// The body.
        package let body: [UInt8]
        /// The other headers, their names in lower case.
        package var headers: [String: String] = [:]
    }

    /// Why there is no answer.
    package enum Failure: Error, Equatable, Sendable {
        /// The URL does not parse, or is not of HTTP.
        case malformedURL
        /// Name, route or server does not answer; libcurl's number tells more.
        case unreachable(code: Int)
        /// Too slow.
        case timedOut
        /// The certificate is not one to trust.
        case notTrusted
        /// The answer is longer than allowed.
        case tooLong(limit: Int)
        /// The caller lost interest.
        case cancelled
    }

    /// How this client reaches servers.
    package struct Route: Sendable {
        /// A proxy as libcurl writes it, `socks5h://127.0.0.1:9050` for example: it resolves names.
        package var proxy: String?
        /// A file with the certificates to trust, instead of the system's.
        package var certificates: String?
        /// A Unix socket to connect to, whatever the URL's host.
        package var socket: String?

        /// The direct route.
        package init(proxy: String? = nil, certificates: String? = nil, socket: String? = nil) {
            self.proxy = proxy
            self.certificates = certificates
            self.socket = socket
        }
    }

    /// A handle of libcurl with its connections: in the idle list, or in use by one transfer.
    private struct Handle: Sendable {
        // The pointer as a number, because it wanders between threads, one at a time.
        private let address: UInt

        init(_ pointer: UnsafeMutableRawPointer) {
            address = UInt(bitPattern: pointer)
        }

        var pointer: UnsafeMutableRawPointer? {
            unsafe UnsafeMutableRawPointer(bitPattern: address)
        }
    }

    private static let idleCountMax = 16
    private static let connectTimeoutMilliseconds = 10_000
    private let route: Route
    private let idle = Mutex<[Handle]>([])

    /// A client with one route.
    package init(route: Route = Route()) {
        _ = Self.isStarted
        self.route = route
    }

    deinit {
        idle.withLock { handles in
            for handle in handles { unsafe curl_easy_cleanup(handle.pointer) }
        }
    }

    // libcurl wants to be started once, before any thread uses it.
    private static let isStarted = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Starts libcurl, the first time.
    static func start() { _ = isStarted }

    /// Sends a request and waits for the whole answer.
    ///
    /// - Throws: ``Failure``.
    package func send(_ request: Request) throws(Failure) -> Response {
        try perform(request, Transfer(request))
    }

    /// Sends a request; cancelling the task ends it.
    ///
    /// - Throws: ``Failure``.
    package func answer(_ request: Request) async throws -> Response {
        let transfer = Transfer(request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                transfer.wait(continuation)
                DispatchQueue.global().async {
                    transfer.end(Result { try self.perform(request, transfer) })
                }
            }
        } onCancel: {
            // The transfer itself takes until its next callback to notice.
            transfer.isCancelled.store(true, ordering: .relaxed)
            transfer.end(.failure(Failure.cancelled))
        }
    }

    private func perform(
        _ request: Request,
        _ transfer: Transfer
    ) throws(Failure) -> Response {
        let handle = try takeHandle()
        defer { giveBack(handle) }
        let pointer = unsafe handle.pointer
        unsafe curl_easy_reset(pointer)
        try configure(handle, request)
        var headers: UnsafeMutablePointer<curl_slist>?
        defer { unsafe curl_slist_free_all(headers) }
        for header in request.headers { unsafe headers = curl_slist_append(headers, header) }
        if let body = request.body {
            // Without these libcurl would ask first whether it may send, and name a form's type.
            if request.signature == nil {
                unsafe headers = curl_slist_append(headers, "Expect:")
            } else {
                // It would be signed, and not sent: so the answer to the question is not awaited.
                unsafe resguardo_curl_set_number(pointer, CURLOPT_EXPECT_100_TIMEOUT_MS, 1)
            }
            if !request.headers.contains(where: { $0.hasPrefix("Content-Type:") }) {
                let type = "Content-Type: text/plain; charset=utf-8"
                unsafe headers = curl_slist_append(headers, type)
            }
            unsafe resguardo_curl_set_number(pointer, CURLOPT_POSTFIELDSIZE, body.count)
        }
        unsafe resguardo_curl_set_list(pointer, headers)
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        unsafe resguardo_curl_set_sink(pointer, Self.sink, Self.progress, context)
        unsafe resguardo_curl_set_header_sink(pointer, Self.headerSink, context)
        let body = request.body ?? []
        let code = unsafe body.withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                if request.body != nil {
                    unsafe resguardo_curl_set_text(pointer, CURLOPT_POSTFIELDS, text.baseAddress)
                }
                return withExtendedLifetime(transfer) { unsafe curl_easy_perform(pointer) }
            }
        }
        guard code == CURLE_OK else { throw failure(code, transfer, request) }
        var status = 0
        unsafe resguardo_curl_status(pointer, &status)
        var mediaType: UnsafeMutablePointer<CChar>?
        unsafe resguardo_curl_media_type(pointer, &mediaType)
        return Response(
            status: status,
            mediaType: unsafe mediaType.flatMap { unsafe String(validatingCString: $0) },
            body: transfer.body.withLock { $0 },
            headers: transfer.headers.withLock { $0 }
        )
    }

    private func configure(_ handle: Handle, _ request: Request) throws(Failure) {
        let pointer = unsafe handle.pointer
        guard unsafe resguardo_curl_set_text(pointer, CURLOPT_URL, request.url) == CURLE_OK,
            unsafe resguardo_curl_set_text(pointer, CURLOPT_PROTOCOLS_STR, "http,https")
                == CURLE_OK
        else { throw .malformedURL }
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_NOPROGRESS, 0),
            (CURLOPT_TIMEOUT_MS, request.timeoutMilliseconds),
            (
                CURLOPT_CONNECTTIMEOUT_MS,
                min(request.timeoutMilliseconds, Self.connectTimeoutMilliseconds)
            ),
            (CURLOPT_POST, request.body == nil ? 0 : 1),
            (CURLOPT_HTTPGET, request.body == nil ? 1 : 0),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
        ]
        for (option, value) in numbers {
            unsafe resguardo_curl_set_number(pointer, option, value)
        }
        if let method = request.method {
            unsafe resguardo_curl_set_text(pointer, CURLOPT_CUSTOMREQUEST, method)
            if method == "HEAD" { unsafe resguardo_curl_set_number(pointer, CURLOPT_NOBODY, 1) }
        }
        if let seconds = request.idleSeconds {
            unsafe resguardo_curl_set_number(pointer, CURLOPT_LOW_SPEED_LIMIT, 1)
            unsafe resguardo_curl_set_number(pointer, CURLOPT_LOW_SPEED_TIME, seconds)
        }
        // The environment's proxies are not ours: an empty text means none.
        unsafe resguardo_curl_set_text(pointer, CURLOPT_PROXY, route.proxy ?? "")
        if let certificates = route.certificates {
            unsafe resguardo_curl_set_text(pointer, CURLOPT_CAINFO, certificates)
        }
        if let signature = request.signature { unsafe sign(pointer, signature) }
        if let socket = route.socket {
            unsafe resguardo_curl_set_text(pointer, CURLOPT_UNIX_SOCKET_PATH, socket)
        }
    }

    private func sign(_ pointer: UnsafeMutableRawPointer?, _ signature: Signature) {
        unsafe resguardo_curl_set_text(pointer, CURLOPT_AWS_SIGV4, signature.scope)
        unsafe resguardo_curl_set_text(
            pointer,
            CURLOPT_USERNAME,
            signature.credentials.identifier
        )
        // libcurl wants a text that ends in zero, and keeps a copy until the handle is used again.
        var secret = signature.credentials.secret.reveal() + [0]
        defer { wipe(&secret) }
        _ = unsafe secret.withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                unsafe resguardo_curl_set_text(pointer, CURLOPT_PASSWORD, text.baseAddress)
            }
        }
    }

    private func failure(
        _ code: CURLcode,
        _ transfer: Transfer,
        _ request: Request
    ) -> Failure {
        if transfer.isTooLong.load(ordering: .relaxed) { return .tooLong(limit: request.countMax) }
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .malformedURL
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return .notTrusted
        case CURLE_ABORTED_BY_CALLBACK: return .cancelled
        default: return .unreachable(code: Int(code.rawValue))
        }
    }

    private func takeHandle() throws(Failure) -> Handle {
        if let handle = idle.withLock({ $0.popLast() }) { return handle }
        guard let pointer = unsafe curl_easy_init() else { throw .unreachable(code: 0) }
        return unsafe Handle(pointer)
    }

    private func giveBack(_ handle: Handle) {
        let isKept = idle.withLock { handles in
            guard handles.count < Self.idleCountMax else { return false }
            handles.append(handle)
            return true
        }
        if !isKept { unsafe curl_easy_cleanup(handle.pointer) }
    }

    private static let sink: resguardo_curl_sink = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe transfer.take(piece) ? size * count : 0
    }

    private static let headerSink: resguardo_curl_sink = { bytes, size, count, context in
        guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        unsafe transfer.take(header: String(decoding: line, as: UTF8.self))
        return size * count
    }

    private static let progress: resguardo_curl_progress = { context, _, _, _, sent in
        guard let context = unsafe context else { return 1 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        transfer.onSent?(Int64(sent))
        return transfer.isCancelled.load(ordering: .relaxed) ? 1 : 0
    }
}

/// What one transfer collects.
private final class Transfer: Sendable {
    let body = Mutex<[UInt8]>([])
    let isCancelled = Atomic(false)
    let isTooLong = Atomic(false)
    let headers = Mutex<[String: String]>([:])
    let onSent: (@Sendable (Int64) -> Void)?
    private let countMax: Int
    private static let headerCountMax = 100
    private let caller = Mutex(Caller.none)

    /// Who waits for the end, which comes once.
    private enum Caller {
        case none
        case waiting(CheckedContinuation<HTTPClient.Response, any Error>)
        case ended(Result<HTTPClient.Response, any Error>)
    }

    init(_ request: HTTPClient.Request) {
        countMax = request.countMax
        onSent = request.onSent
    }

    /// Adds a header line; libcurl bounds its length.
    func take(header line: String) {
        guard let colon = line.firstIndex(of: ":") else { return }
        let name = line[..<colon].lowercased()
        let value = line[line.index(after: colon)...].drop { $0 == " " }
            .prefix { !$0.isNewline }
        headers.withLock { headers in
            if headers.count < Self.headerCountMax { headers[name] = String(value) }
        }
    }

    /// Has somebody wait for the end, which may have come.
    func wait(_ continuation: CheckedContinuation<HTTPClient.Response, any Error>) {
        let result = caller.withLock { caller -> Result<HTTPClient.Response, any Error>? in
            if case .ended(let result) = caller { return result }
            caller = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    /// Ends, unless it has ended.
    func end(_ result: Result<HTTPClient.Response, any Error>) {
        let waiting = caller.withLock {
            caller -> CheckedContinuation<HTTPClient.Response, any Error>? in
            defer { if case .ended = caller {} else { caller = .ended(result) } }
            if case .waiting(let continuation) = caller { return continuation }
            return nil
        }
        waiting?.resume(with: result)
    }

    /// Adds a piece of the answer.
    ///
    /// - Returns: False when it is too long.
    func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        body.withLock { body in
            guard piece.count <= countMax - body.count else {
                isTooLong.store(true, ordering: .relaxed)
                return false
            }
            unsafe body.append(contentsOf: piece)
            return true
        }
    }
}
