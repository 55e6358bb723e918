// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads zlib streams of the test vectors, which are known to be well formed.
///
/// Spec: RFC 1950, RFC 1951.
struct Inflate {
    struct Malformed: Error {}

    /// Canonical Huffman code: how many codes there are of each length, and symbols by code.
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(lengths: [Int]) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            for length in 1...15 {
                symbols += lengths.indices.filter { lengths[$0] == length }
            }
        }
    }

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ]
    private static let lengthExtras = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]
    private static let codeLengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]

    private let input: [UInt8]
    private var position: Int
    private var bits = 0
    private var bitCount = 0
    private var output: [UInt8] = []

    static func decompress(_ bytes: [UInt8]) throws -> [UInt8] {
        var inflate = Inflate(input: bytes)
        return try inflate.run()
    }

    private init(input: [UInt8]) {
        self.input = input
        position = 2
    }

    private mutating func run() throws -> [UInt8] {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try copyStored()
            case 1:
                let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
                let distances = [Int](repeating: 5, count: 30)
                try copyCoded(Code(lengths: lengths), Code(lengths: distances))
            case 2:
                let (literals, distances) = try readCodes()
                try copyCoded(literals, distances)
            default: throw Malformed()
            }
        }
        return output
    }

    private mutating func take(_ count: Int) throws -> Int {
        while bitCount < count {
            guard position < input.count else { throw Malformed() }
            bits |= Int(input[position]) << bitCount
            position += 1
            bitCount += 8
        }
        defer {
            bits >>= count
            bitCount -= count
        }
        return bits & ((1 << count) - 1)
    }

    private mutating func symbol(_ code: Code) throws -> Int {
        var value = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            value |= try take(1)
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw Malformed()
    }

    private mutating func copyStored() throws {
        bits = 0
        bitCount = 0
        let count = Int(input[position]) | Int(input[position + 1]) << 8
        position += 4
        output += input[position..<(position + count)]
        position += count
    }

    private mutating func readCodes() throws -> (Code, Code) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let codeCount = try take(4) + 4
        var codeLengths = [Int](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[Self.codeLengthOrder[index]] = try take(3) }
        let code = Code(lengths: codeLengths)
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            switch try symbol(code) {
            case 16:
                guard let last = lengths.last else { throw Malformed() }
                lengths += [Int](repeating: last, count: try take(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try take(3) + 3)
            case 18: lengths += [Int](repeating: 0, count: try take(7) + 11)
            case let length: lengths.append(length)
            }
        }
        return (
            Code(lengths: Array(lengths[..<literalCount])),
            Code(lengths: Array(lengths[literalCount...]))
        )
    }

    private mutating func copyCoded(_ literals: Code, _ distances: Code) throws {
        while true {
            let symbol = try symbol(literals)
            if symbol == 256 { return }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            let lengthIndex = symbol - 257
            let length = try Self.lengthBases[lengthIndex] + take(Self.lengthExtras[lengthIndex])
            let distanceIndex = try self.symbol(distances)
            let extra = max(0, distanceIndex / 2 - 1)
            let distance = try Self.distanceBases[distanceIndex] + take(extra)
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }
}
