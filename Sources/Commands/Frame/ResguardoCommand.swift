// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command that does something, as opposed to a group of commands.
protocol ResguardoCommand: ParsableCommand {
    /// The options of all commands: `@OptionGroup var global: GlobalOptions`.
    var global: GlobalOptions { get }

    /// Does the work.
    ///
    /// - Throws: A ``Failure`` or a ``DescribedFailure`` for what a person can understand.
    func run(in context: Context) throws -> Outcome
}

/// A command that opens the keyring: `@OptionGroup var passphrase: PassphraseOptions`.
protocol UsesPassphrase: ResguardoCommand {
    /// Where the passphrase comes from.
    var passphrase: PassphraseOptions { get }
}

/// A command whose statements carry the time: `@OptionGroup var time: TimeOptions`.
protocol UsesTime: ResguardoCommand {
    /// Which time it is.
    var time: TimeOptions { get }
}

/// A command that only reads, and may be asked how things stood at another time without `--demo`.
protocol ReadsAsOf: UsesTime {}

/// A command that trades statements with others: `@OptionGroup var exchange: ExchangeOptions`.
protocol UsesExchange: ResguardoCommand {
    /// Where statements are left for others.
    var exchange: ExchangeOptions { get }
}

/// A command that trades with nodes as well: `@OptionGroup var route: RouteOptions`.
protocol UsesNodes: UsesExchange {
    /// How nodes are reached.
    var route: RouteOptions { get }
}

/// A command that opens the keyring and trades statements: `@OptionGroup var trade: TradeOptions`.
protocol TradesStatements: UsesPassphrase, UsesTime, UsesNodes {
    /// Home, passphrase, time, and where statements are traded.
    var trade: TradeOptions { get }
}

extension TradesStatements {
    var global: GlobalOptions { trade.global }
    var passphrase: PassphraseOptions { trade.passphrase }
    var time: TimeOptions { trade.time }
    var exchange: ExchangeOptions { trade.exchange }
    var route: RouteOptions { trade.route }
}

/// A command that anybody can run, also where there is no home: it reads what it is given.
protocol WorksWithoutHome: ResguardoCommand {}
