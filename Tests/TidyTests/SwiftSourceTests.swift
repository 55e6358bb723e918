// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite struct SwiftSourceTests {
    @Test func blanksCommentsAndStrings() {
        let text = #"""
            let a = "try! \("as!" + b("x)"))" // fatalError(
            /* outer /* inner */ still */ let c = 1
            let d = """
                as! "quoted" \(e)
                """
            let f = ##"raw "# text"##, g = 2
            """#
        let code = SwiftSource(text).lines.map { $0.split(separator: " ").joined(separator: " ") }
        #expect(code == ["let a =", "let c = 1", "let d =", "", "", "let f = , g = 2"])
    }

    @Test func measuresFunctions() {
        let text = """
            protocol P {
                func required(_ body: () -> Void)
                init()
            }
            struct S: P {
                init() { self.init(1) }
                func required(_ body: () -> Void) {
                    // {
                    body()
                }
                subscript(_ index: Int) -> Int {
                    index
                }
            }
            """
        let functions = SwiftSource(text).functions
        #expect(functions.map(\.line) == [6, 7, 11])
        #expect(functions.map(\.lineCount) == [1, 4, 3])
    }
}
