import Language
import Learning
import Syntax

extension NameResolution {
  func visit(_ call: CallExpression) {
    guard case .name(let name) = call.callee else {
      visit(call.callee)
      return visit(call.arguments, of: nil)
    }
    let builtin = catalog.function(name.text)
    if let symbol = find(name.text) {
      // A number beside the function of its name is passed over.
      if builtin == nil || symbol.kind != .variable {
        use(symbol, at: name, isHead: true)
        return visit(call, of: symbol)
      }
      symbol.isAmbiguous = true
      record(name.range, builtin.map { .function($0) } ?? .unknown)
      return visit(call.arguments, of: nil)
    }
    if let builtin {
      record(name.range, .function(builtin))
      visit(call, of: builtin)
    } else {
      if let constant = catalog.constant(name.text) {
        record(name.range, .constant(constant))
      } else {
        unknown(name, isHead: true)
      }
      visit(call.arguments, of: nil)
    }
  }

  /// Arguments of what is not known.
  private func visit(_ arguments: [Argument], of symbol: ScriptSymbol?) {
    for argument in arguments {
      if let name = argument.name { record(name.range, .field) }
      visit(argument.value)
    }
  }

  // MARK: The script's functions

  private func visit(_ call: CallExpression, of symbol: ScriptSymbol) {
    guard let form = symbol.form else { return visit(call.arguments, of: symbol) }
    var given: Set<Int> = []
    var position = 0
    var isRight = true
    for (number, argument) in call.arguments.enumerated() {
      if let name = argument.name {
        if let place = form.parameters.firstIndex(where: { $0.name == name.text }) {
          recordParameter(name, of: symbol)
          if !given.insert(place).inserted {
            report(Failure("\(name.text) is given twice", at: argument.range))
          }
        } else {
          isRight = false
          record(name.range, .unknown)
          report(form.unknownParameter(name))
        }
      } else {
        if position >= form.parameters.count {
          if isRight {
            report(
              form.tooMany(
                given: call.arguments.count, at: argument.range,
                help: nestedCall(of: form.name, call.arguments, before: number)))
          }
          isRight = false
        } else {
          given.insert(position)
        }
        position += 1
      }
      visit(argument.value)
    }
    guard isRight,
      let missing = form.parameters.indices.first(where: {
        form.parameters[$0].defaultText == nil && !given.contains($0)
      })
    else { return }
    report(form.missing(form.parameters[missing].name, at: call.range))
  }

  /// The name of an argument is the parameter of the function.
  private func recordParameter(_ name: Name, of symbol: ScriptSymbol) {
    named.append((name, symbol))
  }

  private func nestedCall(
    of function: String, _ arguments: [Argument], before number: Int
  ) -> String? {
    guard number > 0, arguments[number - 1].name == nil,
      case .name(let word) = arguments[number - 1].value,
      catalog.function(word.text) != nil || find(word.text)?.kind == .function
    else { return nil }
    return Runtime.nestedCallHelp(of: function, word: word.text)
  }

  // MARK: bp's functions

  private func visit(_ call: CallExpression, of function: BuiltinFunction) {
    if function.traits.contains(.runsScript) { presumesAll = true }
    var given: Set<Int> = []
    var position = 0
    var isRight = true
    /// The script's function that options may be handed on to.
    var subject: ScriptSymbol?
    for (number, argument) in call.arguments.enumerated() {
      if let name = argument.name {
        if function.passesOptions, let subject,
          subject.form?.parameters.contains(where: { $0.name == name.text }) == true
        {
          recordParameter(name, of: subject)
          visit(argument.value)
          continue
        }
        let place = function.parameters.firstIndex {
          $0.name == name.text || $0.aliases.contains(name.text)
        }
        guard let place else {
          record(name.range, function.passesOptions ? .field : .unknown)
          if !function.passesOptions {
            isRight = false
            report(
              interpreter.runtime.unknownOption(
                name, of: function, among: call.arguments.compactMap { $0.bareWord }))
          }
          visit(argument.value)
          continue
        }
        record(name.range, .option(function.parameters[place], of: function.name))
        if !given.insert(place).inserted {
          report(Failure("\(function.parameters[place].name) is given twice", at: name.range))
        }
        visit(argument, as: function.parameters[place], of: function)
        continue
      }
      while position < function.parameters.count, given.contains(position) { position += 1 }
      if position < function.positionalCount {
        given.insert(position)
        visit(argument, as: function.parameters[position], of: function)
        position += 1
      } else if let rest = function.rest {
        if subject == nil, case .name(let name) = argument.value { subject = find(name.text) }
        visit(argument, as: rest, of: function)
      } else {
        if isRight {
          report(
            function.tooMany(
              given: call.arguments.count { $0.name == nil }, at: argument.range,
              help: nestedCall(of: function.name, call.arguments, before: number)))
        }
        isRight = false
        visit(argument.value)
      }
    }
    guard isRight,
      let missing = function.parameters.indices.first(where: {
        function.parameters[$0].isRequired && !given.contains($0)
      })
    else { return }
    report(function.missing(function.parameters[missing], at: call.range))
  }

  // MARK: Arguments

  private func visit(
    _ argument: Argument, as parameter: Parameter, of function: BuiltinFunction
  ) {
    visit(argument.value, as: parameter.kind, of: parameter, function, argument.name != nil)
  }

  /// Closed words come before variables, variables before choices.
  private func visit(
    _ value: Expression, as kind: Parameter.Kind, of parameter: Parameter,
    _ function: BuiltinFunction, _ isNamed: Bool
  ) {
    func choice(_ name: String) -> Choice? {
      guard !mayHaveValue(name) else { return nil }
      return kind.choiceKinds.lazy.compactMap { self.choice(name, $0) }.first
    }
    switch value {
    case .name(let name):
      if kind.takesBareWords || kind.words.contains(name.text) {
        return record(name.range, .word)
      }
      if let choice = choice(name.text) { return record(name.range, .choice(choice)) }
      if find(name.text) == nil, !kind.choices.isEmpty, catalog.function(name.text) == nil,
        catalog.constant(name.text) == nil, !presumed.contains(name.text), !presumesAll
      {
        record(name.range, .unknown)
        return report(kind.unknownWord(name, of: parameter, in: function))
      }
      read(name)
    case .call(let call), .group(.call(let call), _):
      guard case .name(let name) = call.callee else { return visit(value) }
      if let choice = choice(name.text) {
        record(name.range, .choice(choice))
        visitSettings(call.arguments, of: choice)
      } else if let symbol = find(name.text), !kind.choiceKinds.isEmpty {
        // The settings of a rule of the script's own: optimizer=heavy(share=0.5).
        use(symbol, at: name, isHead: true)
        for argument in call.arguments {
          if let name = argument.name { recordParameter(name, of: symbol) }
          visit(argument.value)
        }
      } else {
        visit(value)
      }
    case .bracket(let elements, _):
      guard isNamed, case .alternatives(let one) = kind else { return visit(value) }
      for element in elements { visit(element, as: one, of: parameter, function, false) }
    default: visit(value)
    }
  }

  private func visitSettings(_ arguments: [Argument], of choice: Choice) {
    for argument in arguments {
      if let name = argument.name {
        let setting = choice.settings.first {
          $0.name == name.text || $0.aliases.contains(name.text)
        }
        if let setting {
          record(name.range, .option(setting, of: choice.name))
        } else {
          record(name.range, .unknown)
          report(
            interpreter.runtime.unknownSetting(name, at: argument.value.range, of: choice, nil))
        }
      }
      visit(argument.value)
    }
  }
}

extension Argument {
  fileprivate var bareWord: String? {
    if name == nil, case .name(let word) = value { word.text } else { nil }
  }
}
