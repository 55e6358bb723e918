// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import FeedKernels

/// The meetings inside each group, in numbers.
struct GroupEvidence {
    /// How many there are: edges times the things in which they met.
    private(set) var meetingCount = 0
    /// The time of the first share of a meeting, in seconds since 1970.
    private(set) var first = Int64.max
    /// The time of the last one.
    private(set) var last = Int64.min
    private var objects: Set<UInt32> = []
    private var delays: [Int64] = []

    /// How many things the group met in.
    var objectCount: Int { objects.count }

    /// The median of the delays between the closest shares, in seconds; of two, the lower one.
    var medianDelay: Int64 {
        delays.isEmpty ? 0 : delays.sorted()[(delays.count - 1) / 2]
    }

    /// The evidence of every group, in their order.
    static func all(
        of networks: DetectedNetworks,
        _ meetings: [DetectedMeeting]
    ) -> [GroupEvidence] {
        var groups = [GroupEvidence](repeating: GroupEvidence(), count: networks.groups.count)
        for meeting in meetings {
            guard let group = networks.group(of: networks.edges[meeting.edge]) else { continue }
            let times = [meeting.row, meeting.otherRow].map { networks.shares.time[$0] }
            groups[group].meetingCount += 1
            groups[group].first = min(groups[group].first, times[0], times[1])
            groups[group].last = max(groups[group].last, times[0], times[1])
            groups[group].objects.insert(meeting.object)
            groups[group].delays.append(abs(times[0] - times[1]))
        }
        return groups
    }

    /// A moment that formats with years of four digits can hold: the nearest, for others.
    static func moment(_ seconds: Int64) -> Int64 {
        min(max(seconds, 0), Encodings.Timestamp.secondsMax)
    }
}
