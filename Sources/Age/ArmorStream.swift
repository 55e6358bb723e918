// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import BulkCrypto
internal import Encodings

/// Armor between a payload and a text file.
///
/// Spec: C2SP `age.md`, "ASCII armor".
enum ArmorStream {
    static let label = "AGE ENCRYPTED FILE"
    private static let lineCountMax = Armor.whitespaceCountMax + Armor.columnCount
    private static let detectionCount = 1024

    /// Whether a file is meant to be armored: it does not start like an age file, and has dashes in
    /// a row near its start.
    ///
    /// Which rules it then breaks is the decoder's to say.
    static func isArmored(_ input: InputBuffer) throws(AgeError) -> Bool {
        let start = try input.peek(detectionCount)
        if start.starts(with: Array("age-encryption.org/".utf8)) { return false }
        let dashes = Array("-----".utf8)
        return start.indices.contains { start[$0...].starts(with: dashes) }
    }

    /// The bytes that an armored text holds.
    static func source(_ text: InputBuffer) -> ByteSource {
        var decoder = ArmorDecoder(label: label)
        var pending: ArraySlice<UInt8> = []
        var isAtEnd = false
        return { (target: inout MutableSpan<UInt8>) throws(AgeError) -> Int in
            while pending.isEmpty && !isAtEnd {
                do {
                    switch try text.readLine(countMax: lineCountMax) {
                    case .line(let line): pending = try decoder.decode(line: line)[...]
                    case .tooLong: throw AgeError.malformedArmor(line: decoder.line + 1)
                    case .unterminated(let line):
                        if !line.isEmpty { pending = try decoder.decode(line: line)[...] }
                        try decoder.finish()
                        isAtEnd = true
                    }
                } catch let error as AgeError {
                    throw error
                } catch {
                    throw .malformedArmor(line: max(decoder.line, 1))
                }
            }
            let count = min(pending.count, target.count)
            target.copyToFront(Array(pending.prefix(count)).span)
            pending = pending.dropFirst(count)
            return count
        }
    }
}

/// Writes what it is given as armored text.
final class ArmorSink {
    private var encoder: ArmorEncoder?
    private let sink: ByteSink

    init(_ sink: @escaping ByteSink) {
        encoder = ArmorEncoder(label: ArmorStream.label)
        self.sink = sink
    }

    func write(_ bytes: Span<UInt8>) throws(AgeError) {
        precondition(encoder != nil, "nothing follows the end")
        if let text = encoder?.encode([UInt8](copying: bytes)) { try sink(text.span) }
    }

    func finish() throws(AgeError) {
        let text = encoder?.finish() ?? []
        encoder = nil
        try sink(text.span)
    }
}
