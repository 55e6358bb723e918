// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Glibc
import Outside
import Storage
import TransparencyLog
import Vault

/// Trades all cases with one node, and holds its log to everything that it ever said.
struct NodeSync {
    /// The longest that a case waits for its turn behind a proxy, so that a watcher of the node
    /// cannot tell by the clock which cases belong to one person.
    private static let delaySecondsMax: UInt32 = 8

    /// Items that are on their way at a time, unless told otherwise.
    static let transferCountUsual = 4

    let home: Home
    let remote: Remote
    let route: RouteOptions
    let context: Context
    /// Whether every object here is read.
    let isFull: Bool
    /// Most items of a case that are on their way at a time.
    let transferCountMax: Int

    /// Trades.
    ///
    /// - Returns: What came of it, alarms included.
    /// - Throws: What has to do with this machine only.
    func run(_ cases: [Case]) throws -> NodeReport {
        var report = NodeReport(remote: remote.name)
        do {
            let watch = LogWatch(
                url: "\(remote.url)/\(Remote.logName)",
                policy: remote.policy,
                client: try route.isolated().client(),
                seen: SeenCheckpoints(
                    directory: context.home + "/seen",
                    fileSystem: home.layout.files
                )
            )
            _ = try watch.look(isFull: false)
            var notes: [SignedNote] = []
            for (number, item) in cases.shuffled().enumerated() {
                if number > 0, route.proxy != nil { sleep(.random(in: 0...Self.delaySecondsMax)) }
                let node = NodeClient(url: remote.url, client: try route.isolated().client())
                let sync = CaseSync(
                    home: home,
                    remote: remote,
                    node: node,
                    item: item,
                    isFull: isFull,
                    transferCountMax: transferCountMax
                )
                notes += try sync.run(&report, context.console)
            }
            try watch.hold(to: notes)
        } catch let failure as Failure
            where failure.kind == .cannotReachServer || failure.kind == .doesNotVerify
            || failure.kind == .notAllowed
        {
            report.failure = failure
        } catch let error as TransparencyLogError {
            // A log that is none, or not this one: other nodes are asked all the same.
            report.failure = error.failure
        }
        return report
    }
}
