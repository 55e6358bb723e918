// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

/// A server that answers each request with whatever bytes it is told to, or with nothing.
///
/// One request a connection; threads of its own.
final class LyingServer: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String]
        let body: [UInt8]

        func header(_ name: String) -> String? {
            headers.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
                .map { String($0.dropFirst(name.count + 2)) }
        }
    }

    enum Reply: Sendable {
        /// Bytes as they are, and the end of the connection.
        case raw([UInt8])
        /// Nothing, until the other side gives up.
        case silence

        static func status(
            _ status: Int,
            _ body: [UInt8] = [],
            _ headers: [String] = [],
            announcing count: Int? = nil
        ) -> Reply {
            let lines =
                ["HTTP/1.1 \(status) X", "Content-Length: \(count ?? body.count)"] + headers
                + ["Connection: close", "", ""]
            return .raw(Array(lines.joined(separator: "\r\n").utf8) + body)
        }
    }

    private let listener: Int32
    private let isOver = Mutex(false)
    private let answer: @Sendable (Request) -> Reply
    let port: UInt16

    var url: String { "http://127.0.0.1:\(port)" }

    init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, size) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, pointer, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try #require(isBound)
        let thread = Thread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                let worker = Thread { [self] in serve(connection) }
                worker.start()
            }
        }
        thread.start()
    }

    /// Ends it; its threads end with their connections.
    func stop() {
        isOver.withLock { $0 = true }
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        func more() -> Bool {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            if count > 0 { bytes += buffer[..<count] }
            return count > 0
        }
        var end: Int?
        while end == nil {
            guard more() else { return }
            end = Self.headEnd(bytes)
        }
        let lines = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self)
            .split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        guard words.count == 3 else { return }
        var request = Request(method: words[0], path: words[1], headers: lines, body: [])
        let count = Int(request.header("Content-Length") ?? "") ?? 0
        let start = (end ?? 0) + 4
        while bytes.count < start + count { guard more() else { return } }
        request = Request(
            method: words[0],
            path: words[1],
            headers: Array(lines.dropFirst()),
            body: Array(bytes[start..<(start + count)])
        )
        switch answer(request) {
        case .raw(let bytes): RawConnection.send(bytes, to: connection)
        case .silence: while !isOver.withLock({ $0 }), more() {}
        }
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual("\r\n\r\n".utf8) }
    }
}
