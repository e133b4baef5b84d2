" Made by `bp colours --as vim`.
if exists("b:current_syntax")
  finish
endif
let s:cpo_save = &cpo
set cpo&vim
syntax case match
syntax sync minlines=200

syntax match bplangFunction /\<contains\>/
syntax match bplangFunction /\<fold\>/
syntax match bplangFunction /\<help\>/
syntax keyword bplangFunction abs accuracy acos all any append argmax argmin argsort asin atan
syntax keyword bplangFunction attempt auc audit augmented bar bce bce_sum binary_cross_entropy
syntax keyword bplangFunction binary_crossentropy blobs boundary breast_cancer bumps cancer
syntax keyword bplangFunction categorical_crossentropy cce ce ceil celu circles classify clc clear
syntax keyword bplangFunction clip clipped clock collapse compare concat confusion contrib copy cos
syntax keyword bplangFunction cosh cosine cosine_distance cross_entropy crossval csv cumsum cut
syntax keyword bplangFunction data decimals deltas derive descend describe det diabetes diag
syntax keyword bplangFunction diagnose digits dot drop_outliers dropout_mask edit elu enumerate eq
syntax keyword bplangFunction erf exit exp explain export eye f1 features fields fill filter fit
syntax keyword bplangFunction flatten floor formula forward gate gauss gaussian gaussians gelu
syntax keyword bplangFunction gelu_tanh grad gradcheck grid half_sse hard_sigmoid hard_swish
syntax keyword bplangFunction hardsigmoid hardswish head heatmap heaviside hinge hist histogram
syntax keyword bplangFunction history hstack huber identity idx impute inv iris join json kfold
syntax keyword bplangFunction l1_loss landscape latex leaky leaky_relu length linear linspace ln
syntax keyword bplangFunction load log log10 log2 log_softmax logistic logsoftmax logsumexp loss
syntax keyword bplangFunction lower lr_find lrfind mae make_blobs make_circles make_moons map
syntax keyword bplangFunction markdown mathml max mazur mean mean_absolute_error mean_squared_error
syntax keyword bplangFunction median min misconceptions mish mlp moons mse multiply_adds none norm
syntax keyword bplangFunction normalize notation number onehot ones optdigits outer pad perceptron
syntax keyword bplangFunction permutation pictures piecewise plane plot precision predict
syntax keyword bplangFunction predict_file prelu prod quadrants quantile quit r2 rain rand randint
syntax keyword bplangFunction randn recall rectifier redo relu replace report reshape reverse round
syntax keyword bplangFunction rounding run save scatter seed selu sequential shape show shuffle
syntax keyword bplangFunction sigmoid sign silu sin sine sinh slide softmax softplus softsign solve
syntax keyword bplangFunction sort spiral spirals split sqrt sse stack standardize start std step
syntax keyword bplangFunction stream string sum summary sweep swish symbols tan tanh tanh_half
syntax keyword bplangFunction threshold train transpose trim undo unique upper value var vars
syntax keyword bplangFunction vc_bound vstack what where write_csv xor zeros zip
syntax keyword bplangName adagrad adam adamw auto constant exponential glorot he inf lion momentum
syntax keyword bplangName nan nesterov normal pi rmsprop sgd uniform warmup
syntax match bplangKeyword /\v<(break|by|check|continue|else|exercise|for|if|import|in|param|print|repeat|return|while|within)>/
syntax match bplangOperatorWord /\v<(and|not|or)>/
syntax match bplangConstant /\v<(false|nothing|true)>/

syntax match bplangOperator /\.\.\|->\|==\|!=\|<=\|>=\|\~\~\|+=\|-=\|\*=\|\/=\|≈\|+\|-\|\*\|\/\|%\|@\|\^\|<\|>\|=\|?/
syntax match bplangOperator /[^ \t(\[{,;:=+\-*\/%@^<>#"&|!?~]\@1<='/
" A field or an option may have the name of a reserved word.
syntax match bplangVariable /\v[^.]\.\zs<(and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)>/
syntax match bplangVariable /\v<(and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)>\ze(:|\=[^=])/
syntax match bplangStatement /\v(^|[;{])\s*\zs<(answer|help|hint|mistake|public|task|time|variant)>\ze\s+((and|or|by|else|in|within)>)@!(\k|["(\[]|\.\d)/
syntax match bplangStatement /\v(^|[;{])\s*\zs<tests>\ze\s*\{/
syntax match bplangNumber /\v<\d[0-9_]*(\.\d[0-9_]*|\.(\.|[*\/^']|\k)@!)?([eE][+-]?\d[0-9_]*)?/
syntax match bplangNumber /\v(\k|[.)\]}"'])@1<!\.\d[0-9_]*([eE][+-]?\d[0-9_]*)?/
syntax match bplangBlank /\v<_{3,}>/

syntax match bplangEscape /\v\\(u\{[^}]*\}?|.)/ contained
syntax cluster bplangCode contains=bplangFunction,bplangName,bplangKeyword,bplangOperatorWord
syntax cluster bplangCode add=bplangConstant,bplangOperator,bplangVariable,bplangStatement
syntax cluster bplangCode add=bplangNumber,bplangBlank,bplangString,bplangComment
syntax region bplangBrackets start=/[(\[{]/ end=/[)\]}]/ contained transparent contains=@bplangCode,bplangBrackets
syntax match bplangFormat /:[^}"]*\ze}/ contained
syntax region bplangValue matchgroup=bplangBrace start=/{/ end=/}\|$/ contained contains=@bplangCode,bplangFormat,bplangBrackets
syntax region bplangString start=/"/ end=/"\|$/ contains=bplangEscape,bplangValue
syntax region bplangString start=/"""/ end=/"""/ contains=bplangEscape,bplangValue
syntax region bplangString start=/\<r"/ end=/"\|$/
syntax region bplangString start=/\<r"""/ end=/"""/
syntax match bplangComment /#.*$/ contains=@Spell

highlight default link bplangComment Comment
highlight default link bplangKeyword Statement
highlight default link bplangStatement Statement
highlight default link bplangOperatorWord Operator
highlight default link bplangOperator Operator
highlight default link bplangConstant Constant
highlight default link bplangFunction Function
highlight default link bplangName Type
highlight default link bplangNumber Number
highlight default link bplangString String
highlight default link bplangEscape SpecialChar
highlight default link bplangBrace Special
highlight default link bplangFormat Special
highlight default link bplangBlank Todo

let b:current_syntax = "bplang"
let &cpo = s:cpo_save
unlet s:cpo_save
