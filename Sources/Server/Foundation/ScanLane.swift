import Ledger
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import TransparencyLog
import Verification

/// The short way for the calls that make up nearly all of the load: `POST /v1/scans` with a remembered key and a
/// well-formed body, and the page of an item, are answered on the connection's event loop, without a task, a router or
/// middlewares.
///
/// It gives a verdict, or the problem of a ledger that failed. Everything else (another path, an unknown key, a bad
/// field, a refusal before recording) is handed on unchanged to the ordinary way, which gives the same answers and all
/// other errors; a test compares the two. Answers keep the order of their requests: the short way is taken only while
/// no ordinary request of the connection is open, and while a scan waits nothing more is handed on.
///
/// It stands before the codec that makes requests and answers into the types of the ordinary way, and writes whole
/// messages past the encoder: a tenth of what a scan costs is saved by that.
final class ScanLane: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    /// Between requests, or handing on an ordinary one.
    case open
    /// Reading the body of a scan.
    case collecting(HTTPRequestHead, Actor, ByteBuffer)
    /// Before the end of a request for a page.
    case asking(HTTPRequestHead, ItemPageDesk.Ask)
    /// A scan is being recorded.
    case waiting
  }

  private let desk: ScanLaneDesk
  private var state = State.open
  /// Ordinary requests whose answers were not written yet.
  private var ordinary = 0
  /// What came while a scan waits.
  private var held: [HTTPServerRequestPart] = []
  private var isReadHeld = false
  /// Events that came while a scan waits: of a server that stops, of a client that sends no more.
  private var events: [Any] = []
  /// Below the encoder: the answers of the short way are whole messages, laid out at once.
  private var wire: ChannelHandlerContext?

  init(_ desk: ScanLaneDesk) { self.desk = desk }

  func handlerAdded(context: ChannelHandlerContext) {
    wire = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { wire = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    if case .waiting = state { held.append(part) } else { take(part, context) }
  }

  private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    switch (state, part) {
    case (.open, .head(let head)):
      if ordinary == 0, wire != nil, let actor = desk.actor(for: head) {
        state = .collecting(head, actor, ByteBuffer())
      } else if ordinary == 0, wire != nil, let ask = desk.pages.ask(head, from: context.remoteAddress?.ipAddress) {
        state = .asking(head, ask)
      } else {
        ordinary += 1
        context.fireChannelRead(wrapInboundOut(part))
      }
    case (.collecting(let head, let actor, var body), .body(var more)):
      state = .open
      if body.readableBytes == 0 { body = more } else { body.writeBuffer(&more) }
      state = .collecting(head, actor, body)
      if body.readableBytes > RequestLimits.scanMax { handOn(head, body, context) }
    case (.collecting(let head, let actor, let body), .end):
      guard let request = desk.request(body), begin(request, head, body, actor, context) else {
        handOn(head, body, context)
        return context.fireChannelRead(wrapInboundOut(part))
      }
    case (.asking(let head, let ask), .end): show(ask, head, context)
    case (.asking(let head, _), _):
      handOn(head, ByteBuffer(), context)
      context.fireChannelRead(wrapInboundOut(part))
    default: context.fireChannelRead(wrapInboundOut(part))
    }
  }

  /// Gives a request that was held back to the ordinary way.
  private func handOn(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    state = .open
    ordinary += 1
    context.fireChannelRead(wrapInboundOut(.head(head)))
    if body.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(.body(body))) }
  }

  private func begin(
    _ request: ScanRequest, _ head: HTTPRequestHead, _ body: ByteBuffer, _ actor: Actor,
    _ context: ChannelHandlerContext
  ) -> Bool {
    let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let loop = context.eventLoop
    let start = ContinuousClock.now
    state = .waiting
    do throws(VerificationError) {
      try desk.verification.submit(request, by: actor) { [desk] result in
        desk.answer(result, actor, start, on: loop) { answer in
          let (lane, context) = here.value
          if let answer { lane.finish(answer, context) } else { lane.refused(head, body, context) }
        }
      }
      return true
    } catch {
      return false
    }
  }

  private func show(_ ask: ItemPageDesk.Ask, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    state = .waiting
    desk.pages.outcome(of: ask, on: context.eventLoop).whenSuccess { [desk] outcome in
      let (lane, context) = here.value
      if let answer = desk.answer(ask, outcome) {
        lane.finish(answer, context)
      } else {
        lane.refused(head, ByteBuffer(), context)
      }
    }
  }

  /// Writes the answer and goes on with what came meanwhile.
  private func finish(_ answer: ByteBuffer, _ context: ChannelHandlerContext) {
    wire?.writeAndFlush(NIOAny(IOData.byteBuffer(answer)), promise: nil)
    state = .open
    goOn(context)
  }

  /// A scan that was refused before anything was recorded, or a page that the ordinary way makes: asked again the
  /// ordinary way, it gets the problem that says why.
  private func refused(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    handOn(head, body, context)
    context.fireChannelRead(wrapInboundOut(.end(nil)))
    context.fireChannelReadComplete()
    goOn(context)
  }

  private func goOn(_ context: ChannelHandlerContext) {
    if !held.isEmpty {
      while !held.isEmpty {
        if case .waiting = state { return }
        take(held.removeFirst(), context)
      }
      // What was handed on is taken up when a reading ends.
      context.fireChannelReadComplete()
    }
    if case .waiting = state { return }
    if isReadHeld {
      isReadHeld = false
      context.read()
    }
    let events = events
    self.events = []
    for event in events { context.fireUserInboundEventTriggered(event) }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { ordinary -= 1 }
    context.write(data, promise: promise)
  }

  /// While a scan waits, no more than one reading is held: a client that sends and does not wait cannot fill the
  /// memory. That one is asked for at once: to stop asking and begin again costs two system calls a scan.
  func read(context: ChannelHandlerContext) {
    if case .waiting = state, !held.isEmpty { isReadHeld = true } else { context.read() }
  }

  /// A server that stops, and a client that will send no more, let a waiting scan be answered first: what stands behind
  /// knows of no open request and would close the connection.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .waiting = state else { return context.fireUserInboundEventTriggered(event) }
    events.append(event)
  }
}

/// Puts the short way before the codec that makes requests and answers into the types of the ordinary way.
final class ScanLaneInstaller: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let desk: ScanLaneDesk

  init(_ desk: ScanLaneDesk) { self.desk = desk }

  /// Without such a codec all goes the ordinary way.
  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    if let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) {
      try? pipeline.addHandler(ScanLane(desk), position: .before(codec))
    }
    pipeline.removeHandler(context: context, promise: nil)
  }
}
