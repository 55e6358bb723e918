// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FeedKernels
import Foundation
import Testing

/// Where outside files stand, and how tests treat their absence.
enum Outside {
    static let shared = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared").standardizedFileURL

    /// The bytes of a file under `../shared`; `nil`, with a line that says so, where it is absent.
    static func bytes(_ path: String) throws -> [UInt8]? {
        let url = shared.appending(path: path)
        guard FileManager.default.fileExists(atPath: url.path) else {
            print("skipped: ../shared/\(path) is absent")
            #expect(ProcessInfo.processInfo.environment["CI"] == nil, "CI skips nothing")
            return nil
        }
        return Array(try Data(contentsOf: url))
    }
}

extension Cores {
    /// As many threads as Dispatch likes.
    static let parallel = Cores { count, body in
        DispatchQueue.concurrentPerform(iterations: count, execute: body)
    }
    /// One thread, last index first: results must not depend on the order either.
    static let reversed = Cores { count, body in
        for index in (0..<count).reversed() { body(index) }
    }
}

/// A small generator for seeded properties (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// The four tables of a network as text.
struct Tables: Equatable {
    var pairs = ""
    var edges = ""
    var accounts = ""
    var objects = ""
    var context = ""

    init(
        _ csv: [UInt8],
        window: Int64,
        fast: Int64? = nil,
        participation: Int = 2,
        quantile: Double = 0.5,
        cores: Cores = .single,
        pieceSize: Int = .max
    ) throws {
        let shares = try read(csv, cores: cores, pieceSize: pieceSize).shares
        let rule = try CoShareRule(
            windowSeconds: window,
            minimumParticipation: participation,
            edgeWeightQuantile: quantile
        )
        let found = try CoSharePairs(of: shares, rule: rule, cores: cores)
        let part = try fast.map { try CoShareFast(in: found, windowSeconds: $0, cores: cores) }
        self.init(found, part, cores: cores)
    }

    init(_ found: CoSharePairs, _ fast: CoShareFast? = nil, cores: Cores) {
        let network = CoShareEdges(of: found, cores: cores)
        let tables = CoShareTables(found, network, fast: fast, cores: cores)
        if let fast {
            tables.writeContext(of: fast) { context += String(decoding: $0, as: UTF8.self) }
        }
        tables.writePairs { pairs += String(decoding: $0, as: UTF8.self) }
        tables.writeEdges { edges += String(decoding: $0, as: UTF8.self) }
        tables.writeAccountStatistics { accounts += String(decoding: $0, as: UTF8.self) }
        tables.writeObjectStatistics { objects += String(decoding: $0, as: UTF8.self) }
    }
}

/// Reads shares piece by piece.
func read(
    _ csv: [UInt8],
    cores: Cores = .single,
    isLenient: Bool = false,
    pieceSize: Int = .max
) throws(FeedKernelError) -> ShareReader.Result {
    var reader = ShareReader(
        cores: cores,
        isLenient: isLenient,
        expectedByteCount: csv.count
    )
    var start = 0
    while start < csv.count {
        let end = pieceSize > csv.count - start ? csv.count : start + pieceSize
        try reader.append(Array(csv[start..<end]))
        start = end
    }
    return try reader.finish()
}

/// Reads shares from text with the usual header.
func read(rows: String, isLenient: Bool = false) throws(FeedKernelError) -> ShareReader.Result {
    try read(csv(rows), isLenient: isLenient)
}

/// Rows under the usual header.
func csv(_ rows: String) -> [UInt8] {
    Array("object_id,account_id,content_id,timestamp_share\n\(rows)".utf8)
}
