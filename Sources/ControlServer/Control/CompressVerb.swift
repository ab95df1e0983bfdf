import JSONText

extension ControlRoutes {
  /// `POST /v1/compress`: the steps that shorten a conversation without a model. A summary would need one.
  func compress(_ request: HTTPRequest) -> HTTPResponse {
    do throws(BadRequest) {
      let body = try CompressBody(request.body)
      var conversation = Conversation(body.messages, budget: body.maxTokens)
      let before = conversation.tokens
      conversation.compress(smallTalk: SmallTalk(phrases: body.smallTalk), keepingTurns: body.keepTurns)
      var json = JSONWriter(reserving: request.body.count + 256)
      json.beginObject()
      json.key("messages")
      json.beginArray()
      for message in conversation.messages { message.json.write(into: &json) }
      json.endArray()
      json.key("tokens_before")
      json.int(before)
      json.key("tokens_after")
      json.int(conversation.tokens)
      json.key("fits")
      json.bool(conversation.fits)
      json.key("summarised")
      json.bool(false)
      json.key("steps")
      json.beginArray()
      for step in conversation.steps {
        json.beginObject()
        json.key("name")
        json.string(step.name)
        json.key("saved")
        json.int(step.saved)
        json.endObject()
      }
      json.endArray()
      json.endObject()
      return .json(json.bytes)
    } catch {
      return error.response
    }
  }
}
