// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Feed
import Foundation
import Testing

@Suite struct PolicyTests {
    private func fault(_ text: String) -> PolicyFault? {
        do throws(PolicyFault) {
            _ = try Policy(parsing: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    private let head = "policy: 1\nname: test\n"

    @Test func presetsAreWellFormedAndNamed() {
        for preset in PolicyPreset.allCases {
            #expect(preset.policy.name == preset.rawValue)
            #expect(preset.policy.digest.count == 64)
        }
    }

    @Test func theFileInTheDocumentsIsThePreset() throws {
        let url = FeedFixture.root.appending(path: "docs/policies/default.yaml")
        #expect(try String(contentsOf: url, encoding: .utf8) == PolicyPreset.standard.text)
    }

    @Test func whatIsLeftOutChangesNothing() throws {
        let policy = try Policy(parsing: Array(head.utf8))
        let ranked = Ranker(policy: policy, snapshot: try FeedFixture.snapshot(), asOf: 5)
            .rank([FeedFixture.post("p", by: "member", likes: 9)], CoordinationFinding())
        #expect(ranked.posts[0].score == 1)
    }

    @Test func namesLineAndKeyOfWhatIsUnknown() {
        #expect(
            fault(head + "recency:\n  half-lief: 6h\n")
                == PolicyFault(line: 4, key: "recency.half-lief", kind: .unknownKey)
        )
        #expect(fault(head + "colour: 1\n")?.key == "colour")
    }

    @Test func refusesDuplicatesMissingKeysAndOtherVersions() {
        #expect(fault(head + "name: again\n")?.kind == .duplicateKey)
        #expect(fault("name: x\n")?.kind == .missingKey)
        #expect(fault("policy: 1\n")?.key == "name")
        #expect(fault("policy: 2\nname: x\n")?.key == "policy")
        #expect(fault("")?.kind == .notAMapping)
        #expect(fault("- 1\n")?.kind == .notAMapping)
        #expect(fault("policy: [\n")?.kind == .notYAML)
        #expect(fault(head + "quality: 3\n")?.kind == .notAMapping)
    }

    @Test(arguments: ["-1", "nan", "inf", "1e3", "0x10", "''", "[1]", "2"])
    func refusesNumbersThatMakeNoScore(value: String) {
        let found = fault(head + "visibility:\n  coordinated: \(value)\n")
        #expect(found?.kind == .notANumber(0...1))
        #expect(found?.line == 4)
    }

    @Test(arguments: ["6", "h", "0h", "-1h", "6 h", "1.5h", "999999999d"])
    func refusesWhatIsNoDuration(value: String) {
        #expect(fault(head + "recency:\n  half-life: \(value)\n")?.kind == .notADuration)
    }

    @Test func paidVerificationCannotBeGivenWorth() {
        #expect(fault(head + "source:\n  paid: 1.1\n")?.kind == .paidMustBeOne)
        #expect(fault(head + "source:\n  paid: 1\n") == nil)
    }

    @Test func refusesHugeFiles() {
        let text = head + String(repeating: "#", count: Policy.byteCountMax)
        #expect(fault(text)?.kind == .tooLong(limit: Policy.byteCountMax))
    }
}
