// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `resguardo feed`: what a ranking policy does to a feed, on data that people bring.
struct FeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed",
        abstract: Text(
            en: "Find coordination in a feed, rank it by a policy, explain each place.",
            es: "Encontrar coordinación, ordenar publicaciones según una política, explicar."
        ).local,
        subcommands: [
            FeedImportCommand.self, FeedDetectCommand.self, FeedRankCommand.self,
            FeedExplainCommand.self, FeedPolicyCommand.self, FeedSampleCommand.self,
            FeedTrendsCommand.self, FeedAccountsCommand.self, FeedAroundCommand.self,
            FeedReportCommand.self, FeedWindowsCommand.self, FeedCommunitiesCommand.self,
            FeedGroupsCommand.self,
        ]
    )
}
