// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// The part of DNS that asks for texts.
///
/// Spec: RFC 1035, section 4; RFC 8484, section 4.1: the id is zero.
enum DNSMessage {
    private static let textType: UInt16 = 16
    private static let aliasType: UInt16 = 5
    private static let internetClass: UInt16 = 1
    private static let headerCount = 12
    private static let nameCountMax = 255
    private static let recordCountMax = 100
    private static let aliasCountMax = 8

    /// A question for the TXT records of a name.
    ///
    /// - Throws: `.wrongAddress`.
    static func query(forTextsOf name: String) throws(LookFailure) -> [UInt8] {
        // Recursion desired, one question.
        let header: [UInt8] = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        return try header + encoded(name) + [0, UInt8(textType), 0, UInt8(internetClass)]
    }

    /// The texts in an answer to it, each joined from its pieces.
    ///
    /// - Throws: `.refused` for an error of the resolver, `.malformed`.
    static func texts(of name: String, in message: [UInt8]) throws(LookFailure) -> [String] {
        var reader = Reader(message)
        _ = try reader.number()
        let flags = try reader.number()
        // An answer, not cut off.
        guard flags & 0x8000 != 0, flags & 0x0200 == 0 else { throw .malformed }
        switch flags & 0xf {
        case 0: break
        case 3: return []
        default: throw .refused
        }
        let questionCount = try reader.number()
        let answerCount = try reader.number()
        reader.position = headerCount
        guard questionCount == 1, answerCount <= recordCountMax,
            try reader.name() == name.lowercased(), try reader.number() == textType,
            try reader.number() == internetClass
        else { throw .malformed }
        var aliases: [String: String] = [:]
        var texts: [(owner: String, text: String)] = []
        for _ in 0..<answerCount {
            let owner = try reader.name()
            let type = try reader.number()
            let isOfInternet = try reader.number() == internetClass
            _ = try reader.bytes(4)
            let count = Int(try reader.number())
            let end = reader.position + count
            guard end <= message.count else { throw .malformed }
            if isOfInternet, type == aliasType { aliases[owner] = try reader.name() }
            if isOfInternet, type == textType {
                texts.append((owner, try reader.text(until: end)))
            }
            reader.position = end
        }
        var owner = name.lowercased()
        for _ in 0..<aliasCountMax { owner = aliases[owner] ?? owner }
        return texts.filter { $0.owner == owner }.map(\.text)
    }

    private static func encoded(_ name: String) throws(LookFailure) -> [UInt8] {
        var result: [UInt8] = []
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            guard (1...63).contains(label.utf8.count) else { throw .wrongAddress }
            result += [UInt8(label.utf8.count)] + Array(label.utf8)
        }
        result.append(0)
        guard result.count <= nameCountMax else { throw .wrongAddress }
        return result
    }

    /// Reads a message; every read is checked against its end.
    private struct Reader {
        private let message: [UInt8]
        var position = 0

        init(_ message: [UInt8]) {
            self.message = message
        }

        mutating func bytes(_ count: Int) throws(LookFailure) -> ArraySlice<UInt8> {
            guard count <= message.count - position else { throw .malformed }
            defer { position += count }
            return message[position..<(position + count)]
        }

        mutating func number() throws(LookFailure) -> UInt16 {
            try bytes(2).reduce(0) { $0 << 8 | UInt16($1) }
        }

        /// A name in lower case; pointers lead backwards only, so that they end.
        mutating func name() throws(LookFailure) -> String {
            var labels: [String] = []
            var count = 0
            var place = position
            var limit = message.count
            var hasJumped = false
            while true {
                guard place < limit else { throw .malformed }
                let length = Int(message[place])
                if length == 0 {
                    if !hasJumped { position = place + 1 }
                    return labels.joined(separator: ".")
                }
                if length >= 0xc0 {
                    guard place + 1 < limit else { throw .malformed }
                    let target = (length & 0x3f) << 8 | Int(message[place + 1])
                    if !hasJumped { position = place + 2 }
                    guard target < place else { throw .malformed }
                    (limit, place, hasJumped) = (place, target, true)
                    continue
                }
                let end = place + 1 + length
                count += length + 1
                guard length < 64, end <= limit, count < DNSMessage.nameCountMax else {
                    throw .malformed
                }
                let label = String(decoding: message[(place + 1)..<end], as: UTF8.self)
                labels.append(label.lowercased())
                place = end
            }
        }

        /// Character strings up to a place, joined.
        mutating func text(until end: Int) throws(LookFailure) -> String {
            var text: [UInt8] = []
            while position < end {
                let count = Int(message[position])
                position += 1
                guard position + count <= end else { throw .malformed }
                text += try bytes(count)
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}
