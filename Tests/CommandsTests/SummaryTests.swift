// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Commands
import Registry
import Testing

@Suite struct SummaryTests {
    @Test func everyStatementOfTheRegistryCanBeToldInOneSentence() {
        for type in RegistryStatementTypes.all {
            #expect(type is any Summarised.Type, "\(type)")
        }
    }
}
