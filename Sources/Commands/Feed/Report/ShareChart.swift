// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Exports

/// Shares of topics as bars, with the interval of each.
struct ShareChart {
    private static let nameWidth = 240
    private static let barWidth = 600
    private static let rowHeight = 24
    private static let headHeight = 30

    private let topics: [TrendSection.Topic]
    private let language: Language

    init(_ topics: [TrendSection.Topic], language: Language) {
        self.topics = topics
        self.language = language
    }

    /// The picture: a bar a topic from 0 to 100 %, a whisker where there is an interval.
    var svg: [UInt8] {
        var file = XMLLines()
        let width = Self.nameWidth + Self.barWidth + 80
        let height = Self.headHeight + Self.rowHeight * topics.count + 10
        let size = "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        file.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        file.add("<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"sans-serif\">")
        file.add("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#fff\"/>")
        let title = Text(
            en: "Inorganic share, interval of 95 %",
            es: "Proporción no orgánica, intervalo de 95 %"
        )
        file.add("<text x=\"8\" y=\"18\" font-size=\"13\">", title[language], "</text>")
        for quarter in 0...4 {
            let x = Self.place(Double(quarter) / 4)
            let line = "x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.headHeight)\" y2=\"\(height - 8)\""
            file.add("<line \(line) stroke=\"#ddd\"/>")
            let style = "font-size=\"11\" text-anchor=\"middle\" fill=\"#555\""
            file.add(
                "<text x=\"\(x)\" y=\"\(Self.headHeight - 4)\" \(style)>\(quarter * 25) %</text>"
            )
        }
        for (index, topic) in topics.enumerated() { Self.add(topic, index, to: &file) }
        file.add("</svg>")
        return file.bytes
    }

    private static func add(_ topic: TrendSection.Topic, _ index: Int, to file: inout XMLLines) {
        let top = headHeight + index * rowHeight
        let style =
            "font-size=\"12\" text-anchor=\"end\" direction=\"ltr\" unicode-bidi=\"isolate\""
        let name = ShownName.text(Array(topic.name.utf8)[...])
        file.add("<text x=\"\(nameWidth - 8)\" y=\"\(top + 16)\" \(style)>", name, "</text>")
        let width = place(topic.share) - nameWidth
        let bar = "x=\"\(nameWidth)\" y=\"\(top + 5)\" width=\"\(width)\" height=\"14\""
        file.add("<rect \(bar) fill=\"#0072b2\"/>")
        guard let interval = topic.interval else { return }
        let (low, high, middle) = (place(interval.lowerBound), place(interval.upperBound), top + 12)
        let path = "M\(low) \(middle - 4)v8M\(low) \(middle)H\(high)M\(high) \(middle - 4)v8"
        file.add("<path d=\"\(path)\" stroke=\"#d55e00\" stroke-width=\"2\" fill=\"none\"/>")
    }

    /// Where a share stands, in pixels.
    private static func place(_ share: Double) -> Int {
        nameWidth + Int((min(max(share, 0), 1) * Double(barWidth)).rounded())
    }
}
