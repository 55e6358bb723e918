// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Sodium
import Storage
import StorageFaults
import Testing
import Vault

/// Promise 1 of the vault: every write, sync and rename of everything that the vault does goes
/// wrong in every way, and the process dies at each; afterwards the store is clean, and what was
/// receipted is there.
@Suite struct Promise1Tests {
    /// What a person asks for.
    enum Step: CaseIterable, Sendable {
        case initialize, createCase, deposit, depositMany, changePassphrase, get
    }

    private static let isLong = ProcessInfo.processInfo.environment["RESGUARDO_LONG_TESTS"] != nil

    @Test(arguments: Step.allCases)
    func nothingIsLostWhateverFailsWherever(step: Step) throws {
        let stage = try FaultStage()
        try stage.prepare(step)
        let operationCount = try stage.count(step)
        #expect(operationCount > 4)
        for index in 0..<operationCount {
            let place = "\(step), operation \(index)"
            for fault in Fault.allCases where fault != .lost {
                try stage.run(step, index, fault)
                try stage.check(step, "\(place), \(fault), killed")
            }
            // Every prefix of what happens, with the least that a disk owes us, and with more.
            try stage.run(step, index, .crashedAfter)
            try stage.cutPower(.nothing)
            try stage.check(step, "\(place), nothing unsynced survives")
            for fault in Fault.allCases where fault != .lost && (Self.isLong || fault.isCommon) {
                for seed in 0..<(Self.isLong ? 8 : 1) as Range<UInt64> {
                    try stage.run(step, index, fault)
                    try stage.cutPower(.some(seed: seed &+ UInt64(index)))
                    try stage.check(step, "\(place), \(fault), seed \(seed)")
                }
            }
        }
        // What was reported survives the moment after.
        try stage.run(step, operationCount, .failed)
        #expect(stage.isReported)
        try stage.cutPower(.nothing)
        try stage.check(step, "\(step), done")
    }

    /// A disk that lies about one operation can lose what was accepted, which nothing can prevent;
    /// but then `verify` says so, given the receipt.
    @Test(arguments: [Step.deposit, .depositMany])
    func aDiskThatLiesIsNoticed(step: Step) throws {
        let stage = try FaultStage()
        try stage.prepare(step)
        for index in 0..<(try stage.count(step)) {
            for survival in [VolatileDirectory.Survival.everything, .nothing] {
                try stage.run(step, index, .lost)
                try stage.cutPower(survival)
                try stage.checkHonesty("\(step), operation \(index), \(survival)")
            }
        }
    }
}

extension Fault {
    /// The two that say most about a power cut; the others are for long runs.
    fileprivate var isCommon: Bool { self == .failed || self == .crashedAfter }
}
