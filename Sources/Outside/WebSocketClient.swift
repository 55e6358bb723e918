// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import CCurl
internal import Encodings
internal import Glibc
internal import Sodium

/// Asks one question over a WebSocket, and reads what comes until an answer that ends it.
///
/// libcurl connects, through the proxy and with TLS; the frames are ours.
///
/// Spec: RFC 6455.
package struct WebSocketClient: Sendable {
    /// What is asked, and when it is enough.
    package struct Question: Sendable {
        /// `https://…`, for `wss://…`.
        package let url: String
        /// The text that is sent.
        package let text: String
        /// All messages together may have as many bytes.
        package let countMax: Int
        /// The most messages.
        package let messageCountMax: Int
        /// When to give up, in milliseconds from the start.
        package let timeoutMilliseconds: Int

        package init(
            url: String,
            text: String,
            countMax: Int,
            messageCountMax: Int,
            timeoutMilliseconds: Int
        ) {
            self.url = url
            self.text = text
            self.countMax = countMax
            self.messageCountMax = messageCountMax
            self.timeoutMilliseconds = timeoutMilliseconds
        }
    }

    private let route: HTTPClient.Route

    package init(route: HTTPClient.Route = .init()) {
        HTTPClient.start()
        self.route = route
    }

    /// Asks.
    ///
    /// - Parameters:
    ///   - question: The question.
    ///   - isLast: Whether a message ends the answer.
    /// - Returns: The messages, the last one among them; fewer where the server hangs up.
    /// - Throws: ``HTTPClient/Failure``.
    package func ask(
        _ question: Question,
        isLast: (String) -> Bool
    ) throws(HTTPClient.Failure) -> [String] {
        guard let handle = unsafe curl_easy_init() else { throw .unreachable(code: 0) }
        defer { unsafe curl_easy_cleanup(handle) }
        let connection = unsafe Connection(handle, milliseconds: question.timeoutMilliseconds)
        try unsafe connect(handle, question)
        let nonce = Base64.encode(randomBytes(16))
        try connection.send(Array(Self.request(question.url, nonce).utf8))
        try readHandshake(connection, nonce)
        try connection.send(Self.frame(.text, Array(question.text.utf8)))
        return try messages(connection, question, isLast)
    }

    private func connect(
        _ handle: UnsafeMutableRawPointer,
        _ question: Question
    ) throws(HTTPClient.Failure) {
        let texts = [
            (CURLOPT_URL, question.url), (CURLOPT_PROTOCOLS_STR, "https"),
            (CURLOPT_PROXY, route.proxy ?? ""),
        ]
        for (option, text) in texts {
            guard unsafe resguardo_curl_set_text(handle, option, text) == CURLE_OK else {
                throw .malformedURL
            }
        }
        if let certificates = route.certificates {
            unsafe resguardo_curl_set_text(handle, CURLOPT_CAINFO, certificates)
        }
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_CONNECT_ONLY, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, question.timeoutMilliseconds),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)), (CURLOPT_SSL_ENABLE_ALPN, 0),
        ]
        for (option, value) in numbers {
            unsafe resguardo_curl_set_number(handle, option, value)
        }
        let code = unsafe curl_easy_perform(handle)
        switch code {
        case CURLE_OK: return
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: throw .malformedURL
        case CURLE_OPERATION_TIMEDOUT: throw .timedOut
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            throw .notTrusted
        default: throw .unreachable(code: Int(code.rawValue))
        }
    }

    // MARK: Opening

    private static let headCountMax = 16 << 10

    private static func request(_ url: String, _ nonce: String) -> String {
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(host.count)
        return """
            GET \(path.hasPrefix("/") ? "" : "/")\(path) HTTP/1.1\r
            Host: \(host)\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: \(nonce)\r
            Sec-WebSocket-Version: 13\r
            \r

            """
    }

    private func readHandshake(
        _ connection: Connection,
        _ nonce: String
    ) throws(HTTPClient.Failure) {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard head.count < Self.headCountMax else { throw .tooLong(limit: Self.headCountMax) }
            head += try connection.read(1)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        // RFC 6455, section 1.3: how a server shows that it is one; no secret hangs on it.
        var digest = SHA1()
        digest.update(Array("\(nonce)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        let accepted = Base64.encode(digest.finish())
        let expected = "sec-websocket-accept: \(accepted)".lowercased()
        guard lines.first?.hasPrefix("HTTP/1.1 101") == true,
            lines.contains(where: { $0.lowercased() == expected })
        else { throw .unreachable(code: Int(CURLE_WEIRD_SERVER_REPLY.rawValue)) }
    }

    // MARK: Frames

    private enum Opcode: UInt8 {
        case continuation = 0
        case text = 1
        case binary = 2
        case close = 8
        case ping = 9
        case pong = 10
    }

    /// A whole frame of a client: masked, as all of them are.
    private static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var frame = [0x80 | opcode.rawValue]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536:
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            frame.append(0x80 | 127)
            for shift in stride(from: 56, through: 0, by: -8) {
                frame.append(UInt8(truncatingIfNeeded: payload.count >> shift))
            }
        }
        let mask = randomBytes(4)
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private func messages(
        _ connection: Connection,
        _ question: Question,
        _ isLast: (String) -> Bool
    ) throws(HTTPClient.Failure) -> [String] {
        var messages: [String] = []
        var message: [UInt8] = []
        var left = question.countMax
        while messages.count < question.messageCountMax {
            let head = try connection.read(2)
            guard let opcode = Opcode(rawValue: head[0] & 0x0f), head[0] & 0x70 == 0,
                head[1] & 0x80 == 0
            else { throw .unreachable(code: Int(CURLE_WEIRD_SERVER_REPLY.rawValue)) }
            let count = try payloadCount(head[1], connection)
            guard count <= left else { throw .tooLong(limit: question.countMax) }
            left -= count
            let payload = try connection.read(count)
            switch opcode {
            case .close: return messages
            case .ping: try connection.send(Self.frame(.pong, payload))
            case .pong: break
            case .continuation, .text, .binary:
                message += payload
                guard head[0] & 0x80 != 0 else { continue }
                let text = String(decoding: message, as: UTF8.self)
                message = []
                messages.append(text)
                if isLast(text) { return messages }
            }
        }
        return messages
    }

    private func payloadCount(
        _ short: UInt8,
        _ connection: Connection
    ) throws(HTTPClient.Failure) -> Int {
        guard short >= 126 else { return Int(short) }
        let bytes = try connection.read(short == 126 ? 2 : 8)
        // Anything beyond an integer is beyond every limit too.
        guard bytes[0] < 0x80 || bytes.count == 2 else { return .max }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// A connection of libcurl's, with a time at which everything is given up.
@safe
private final class Connection {
    private let handle: UnsafeMutableRawPointer
    private let deadline: ContinuousClock.Instant
    private var buffer: [UInt8] = []

    init(_ handle: UnsafeMutableRawPointer, milliseconds: Int) {
        unsafe self.handle = handle
        deadline = .now + .milliseconds(milliseconds)
    }

    func send(_ bytes: [UInt8]) throws(HTTPClient.Failure) {
        var sent = 0
        while sent < bytes.count {
            var count = 0
            let code = unsafe bytes[sent...].withUnsafeBytes { piece in
                unsafe curl_easy_send(handle, piece.baseAddress, piece.count, &count)
            }
            sent += count
            if code == CURLE_AGAIN {
                try wait(for: Int16(POLLOUT))
            } else if code != CURLE_OK {
                throw .unreachable(code: Int(code.rawValue))
            }
        }
    }

    /// Exactly `count` bytes.
    func read(_ count: Int) throws(HTTPClient.Failure) -> [UInt8] {
        while buffer.count < count {
            var piece = [UInt8](repeating: 0, count: 16 << 10)
            var received = 0
            let code = unsafe piece.withUnsafeMutableBytes { piece in
                unsafe curl_easy_recv(handle, piece.baseAddress, piece.count, &received)
            }
            if code == CURLE_AGAIN {
                try wait(for: Int16(POLLIN))
                continue
            }
            guard code == CURLE_OK, received > 0 else {
                throw .unreachable(code: Int(code.rawValue))
            }
            buffer += piece[..<received]
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    private func wait(for events: Int16) throws(HTTPClient.Failure) {
        let left = deadline - .now
        let milliseconds =
            left.components.seconds * 1000
            + left.components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { throw .timedOut }
        var socket: curl_socket_t = -1
        unsafe resguardo_curl_socket(handle, &socket)
        var entry = pollfd(fd: socket, events: events, revents: 0)
        // Whether it was interrupted or ready, the caller tries again.
        _ = unsafe poll(&entry, 1, Int32(min(milliseconds, 1000)))
    }
}
