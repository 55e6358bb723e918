// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings
package import FeedKernels

/// What CooRTweet's rule finds as its window grows, with CooRnet's estimate of the window.
///
/// A finding that stands for one window only is a finding about the window.
package struct WindowCurve: Sendable {
    /// The windows that are tried, in seconds.
    package static let windows: [Int64] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600]
    /// The most pairs of a window that is counted; longer ones are left out.
    package static let pairCountMax = 1 << 24

    /// What one window finds.
    package struct Point: Equatable, Sendable {
        package let seconds: Int64
        package let pairCount: Int
        package let edgeCount: Int
        package let strongEdgeCount: Int
        /// Networks of strong edges, and the accounts in them.
        package let networkCount: Int
        package let accountCount: Int
    }

    /// CooRnet's estimate.
    package let estimate: WindowEstimate
    /// The windows, shortest first.
    package let points: [Point]
    private let input: ShareInput

    /// Tries all windows.
    ///
    /// - Parameters:
    ///   - input: The shares.
    ///   - quantile: Of the estimate.
    ///   - part: Of the estimate.
    ///   - minimumParticipation: Of the rule.
    ///   - edgeWeightQuantile: Of the rule.
    ///   - cores: The cores to work with.
    /// - Throws: `.parameterOutOfRange`.
    package init(
        in input: ShareInput,
        quantile: Double,
        part: Double,
        minimumParticipation: Int,
        edgeWeightQuantile: Double,
        cores: Cores
    ) throws(FeedKernelError) {
        self.input = input
        estimate = try WindowEstimate(of: input.shares, quantile: quantile, part: part)
        var points: [Point] = []
        for seconds in Self.windows {
            let rule = try CoShareRule(
                windowSeconds: seconds,
                minimumParticipation: minimumParticipation,
                edgeWeightQuantile: edgeWeightQuantile,
                pairCountMax: Self.pairCountMax
            )
            guard let point = try Self.point(input, rule, cores) else { break }
            points.append(point)
        }
        self.points = points
    }

    /// What one window finds; `nil` if it has too many pairs.
    private static func point(
        _ input: ShareInput,
        _ rule: CoShareRule,
        _ cores: Cores
    ) throws(FeedKernelError) -> Point? {
        do throws(FeedKernelError) {
            let detection = try CoShareDetection(in: input, by: rule, cores: cores)
            return Point(
                seconds: rule.windowSeconds,
                pairCount: detection.pairCount,
                edgeCount: detection.network.edges.count,
                strongEdgeCount: detection.strongEdgeCount,
                networkCount: detection.components.count,
                accountCount: detection.components.reduce(0) { $0 + $1.accounts.count }
            )
        } catch {
            guard case .tooManyPairs = error else { throw error }
            return nil
        }
    }

    /// A row a window, as CSV.
    package var table: [UInt8] {
        var writer = CSVWriter()
        writer.record(["window", "pairs", "edges", "strong_edges", "networks", "accounts"])
        for point in points {
            writer.record([
                "\(point.seconds)", "\(point.pairCount)", "\(point.edgeCount)",
                "\(point.strongEdgeCount)", "\(point.networkCount)", "\(point.accountCount)",
            ])
        }
        return writer.bytes
    }

    /// What was found; the rule's parameters are the caller's.
    package var json: [String: JSONValue] {
        var estimated: [String: JSONValue] = [
            "objects": .integer(Int64(estimate.objectCount)),
            "quickObjects": .integer(Int64(estimate.quickCount)),
            "secondShareMax": .string("\(estimate.secondShareMax)"),
        ]
        if let seconds = estimate.seconds { estimated["seconds"] = .string("\(seconds)") }
        let windows = points.map { point -> JSONValue in
            [
                "accounts": .integer(Int64(point.accountCount)),
                "edges": .integer(Int64(point.edgeCount)),
                "networks": .integer(Int64(point.networkCount)),
                "pairs": .integer(Int64(point.pairCount)),
                "seconds": .integer(point.seconds),
                "strongEdges": .integer(Int64(point.strongEdgeCount)),
            ]
        }
        return ["data": input.json, "estimate": .object(estimated), "windows": .array(windows)]
    }
}
