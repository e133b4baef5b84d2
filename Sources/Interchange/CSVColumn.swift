/// What is known of a column while its file is being read.
struct CSVColumn {
  enum Role { case feature, target, dropped }

  enum Content { case unknown, numbers, texts }

  let name: String
  var role: Role
  var content = Content.unknown
  var isForcedToText = false
  var texts = TextNumbering()
  var missing = 0
}
