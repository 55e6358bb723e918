// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Machines with a network between them: network namespaces of this one, joined by a switch.
///
/// Machine `n` has the address `10.77.0.(n + 1)`, no other way out, and no resolver.
final class Namespaces: Sendable {
    let names: [String]
    private let bridge: String
    private let empty: URL

    /// Whether this user may make them; without, a test says so and ends, but never in CI.
    static func areThere() -> Bool {
        if (try? run("ip netns add rg-probe && ip netns del rg-probe")) == 0 { return true }
        print("skipped: no network namespaces for this user, or no iproute2")
        #expect(ProcessInfo.processInfo.environment["CI"] == nil)
        return false
    }

    init(_ count: Int, in folder: TestFolder) throws {
        let tag = "rg\(UInt16.random(in: 0 ... .max))"
        names = (0..<count).map { "\(tag)-\($0)" }
        bridge = "\(tag)-b"
        empty = folder.url.appending(path: "empty")
        try Data().write(to: empty)
        // The switch is a machine of its own, so that this one's addresses stay out of it.
        var commands = [
            "ip netns add \(bridge)", "ip -n \(bridge) link add sw type bridge",
            "ip -n \(bridge) link set sw up",
        ]
        for (index, name) in names.enumerated() {
            commands += [
                "ip netns add \(name)",
                "ip -n \(bridge) link add p\(index) type veth peer name eth0 netns \(name)",
                "ip -n \(bridge) link set p\(index) master sw up",
                "ip -n \(name) addr add \(Self.address(index))/24 dev eth0",
                "ip -n \(name) link set eth0 up", "ip -n \(name) link set lo up",
            ]
        }
        let code = try Self.run(commands.joined(separator: " && "))
        try #require(code == 0, "network namespaces")
    }

    deinit {
        for name in names + [bridge] { _ = try? Self.run("ip netns del \(name)") }
    }

    static func address(_ index: Int) -> String { "10.77.0.\(index + 1)" }

    /// What starts a command on a machine, with a table of names.
    func launcher(_ index: Int, hosts: URL? = nil) -> [String] {
        let script = """
            mount --bind \(empty.path) /etc/resolv.conf && \
            mount --bind \((hosts ?? empty).path) /etc/hosts && exec "$0" "$@"
            """
        return ["ip", "netns", "exec", names[index], "sh", "-c", script]
    }

    /// Makes the line of a machine slow, both ways.
    func slow(_ index: Int, kilobytesPerSecond: Int) throws {
        let limit = "tbf rate \(kilobytesPerSecond * 8)kbit burst 3000 latency 400ms"
        let commands = [
            "tc -n \(names[index]) qdisc add dev eth0 root \(limit)",
            "tc -n \(bridge) qdisc add dev p\(index) root \(limit)",
        ]
        try #require(try Self.run(commands.joined(separator: " && ")) == 0)
    }

    /// Cuts the line of a machine, or mends it.
    func set(_ index: Int, isUp: Bool) throws {
        _ = try Self.run("ip -n \(bridge) link set p\(index) \(isUp ? "up" : "down")")
    }

    /// Bytes that a machine sent so far, headers included.
    func sentBytes(_ index: Int) throws -> Int {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "ip", "netns", "exec", names[index], "cat", "/sys/class/net/eth0/statistics/tx_bytes",
        ]
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    private static func run(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
