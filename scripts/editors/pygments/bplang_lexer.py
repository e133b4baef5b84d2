# Made by `bp colours --as pygments`.
"""The language bplang of bp for Pygments."""

import re

from pygments.lexer import RegexLexer, bygroups, include
from pygments.token import (
    Comment, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace)

__all__ = ['BplangLexer']


class BplangLexer(RegexLexer):
    """Scripts that build, train and explain multi-layer perceptrons."""

    name = 'bplang'
    aliases = ['bplang']
    filenames = ['*.bplang', '*.bp']
    mimetypes = ['text/x-bplang']
    flags = re.MULTILINE

    tokens = {
        'code': [
        (r'#[^\n]*', Comment.Single),
        (r'(?<![\w\u0300-\u036f])r"""', String.Double, 'rawblock'),
        (r'(?<![\w\u0300-\u036f])r"', String.Double, 'raw'),
        (r'"""', String.Double, 'block'),
        (r'"', String.Double, 'string'),
        (r'(?:[0-9][0-9_]*(?:\.(?:[0-9][0-9_]*|(?![.*/^\'A-Za-z0-9_]|[^\x00-\x7F])))?|(?<![\w\u0300-\u036f])(?<![.)\]}"\'])\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?', Number),
        (r'(?<=[^.]\.)(?:and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)(?![\w\u0300-\u036f])|(?<![\w\u0300-\u036f])(?:and|break|by|check|continue|else|exercise|false|for|if|import|in|not|nothing|or|param|print|repeat|return|true|while|within)(?=:|=(?!=))', Name),
        (r'^([ \t]*)((?:(?:answer|help|hint|mistake|public|task|time|variant)(?![\w\u0300-\u036f])(?=[ \t]+(?!(?:and|or|by|else|in|within)(?![\w\u0300-\u036f]))(?:[^\W\d²³¹¼½¾]|["0-9(\[]|\.[0-9]))|tests(?=[ \t]*\{)))', bygroups(Whitespace, Keyword)),
        (r'(?<=[;{])([ \t]*)((?:(?:answer|help|hint|mistake|public|task|time|variant)(?![\w\u0300-\u036f])(?=[ \t]+(?!(?:and|or|by|else|in|within)(?![\w\u0300-\u036f]))(?:[^\W\d²³¹¼½¾]|["0-9(\[]|\.[0-9]))|tests(?=[ \t]*\{)))', bygroups(Whitespace, Keyword)),
        (r'\n', Whitespace),
        (r'[^\S\n]+', Whitespace),
        (r'(?<![\w\u0300-\u036f])_{3,}(?![\w\u0300-\u036f])', Name.Variable.Magic),
        (r'(?<![\w\u0300-\u036f])(?:break|by|check|continue|else|exercise|for|if|import|in|param|print|repeat|return|while|within)(?![\w\u0300-\u036f])', Keyword),
        (r'(?<![\w\u0300-\u036f])(?:and|not|or)(?![\w\u0300-\u036f])', Operator.Word),
        (r'(?<![\w\u0300-\u036f])(?:false|nothing|true)(?![\w\u0300-\u036f])', Keyword.Constant),
        (r'(?<![\w\u0300-\u036f])(?:abs|accuracy|acos|all|any|append|argmax|argmin|argsort|asin|atan|attempt|auc|audit|augmented|bar|bce|bce_sum|binary_cross_entropy|binary_crossentropy|blobs|boundary|breast_cancer|bumps|cancer|categorical_crossentropy|cce|ce|ceil|celu|circles|classify|clc|clear|clip|clipped|clock|collapse|compare|concat|confusion|contains|contrib|copy|cos|cosh|cosine|cosine_distance|cross_entropy|crossval|csv|cumsum|cut|data|decimals|deltas|derive|descend|describe|det|diabetes|diag|diagnose|digits|dot|drop_outliers|dropout_mask|edit|elu|enumerate|eq|erf|exit|exp|explain|export|eye|f1|features|fields|fill|filter|fit|flatten|floor|fold|formula|forward|gate|gauss|gaussian|gaussians|gelu|gelu_tanh|grad|gradcheck|grid|half_sse|hard_sigmoid|hard_swish|hardsigmoid|hardswish|head|heatmap|heaviside|help|hinge|hist|histogram|history|hstack|huber|identity|idx|impute|inv|iris|join|json|kfold|l1_loss|landscape|latex|leaky|leaky_relu|length|linear|linspace|ln|load|log|log10|log2|log_softmax|logistic|logsoftmax|logsumexp|loss|lower|lr_find|lrfind|mae|make_blobs|make_circles|make_moons|map|markdown|mathml|max|mazur|mean|mean_absolute_error|mean_squared_error|median|min|misconceptions|mish|mlp|moons|mse|multiply_adds|none|norm|normalize|notation|number|onehot|ones|optdigits|outer|pad|perceptron|permutation|pictures|piecewise|plane|plot|precision|predict|predict_file|prelu|prod|quadrants|quantile|quit|r2|rain|rand|randint|randn|recall|rectifier|redo|relu|replace|report|reshape|reverse|round|rounding|run|save|scatter|seed|selu|sequential|shape|show|shuffle|sigmoid|sign|silu|sin|sine|sinh|slide|softmax|softplus|softsign|solve|sort|spiral|spirals|split|sqrt|sse|stack|standardize|start|std|step|stream|string|sum|summary|sweep|swish|symbols|tan|tanh|tanh_half|threshold|train|transpose|trim|undo|unique|upper|value|var|vars|vc_bound|vstack|what|where|write_csv|xor|zeros|zip)(?![\w\u0300-\u036f])', Name.Builtin),
        (r'(?<![\w\u0300-\u036f])(?:adagrad|adam|adamw|auto|constant|exponential|glorot|he|inf|lion|momentum|nan|nesterov|normal|pi|rmsprop|sgd|uniform|warmup)(?![\w\u0300-\u036f])', Name.Constant),
        (r'[^\W\d²³¹¼½¾](?:[^\W²³¹¼½¾]|[\u0300-\u036f])*(?=\()', Name.Function),
        (r'[^\W\d²³¹¼½¾](?:[^\W²³¹¼½¾]|[\u0300-\u036f])*', Name),
        (r'(?<=[^\s(\[{,;:=+\-*/%@^<>#"&|!?~])\'', Operator),
        (r'!=|\*=|\+=|-=|->|\.\.|\/=|<=|==|>=|~~|%|\*|\+|-|\/|<|=|>|\?|@|\^|≈', Operator),
        ],
        'root': [
            include('code'),
            (r'[()\[\]{},;:.]', Punctuation),
            (r'.', Text),
        ],
        'text': [
            (r'\\(?:u\{[^}]*\}?|.)', String.Escape),
            (r'\{', String.Interpol, 'value'),
        ],
        'string': [
            (r'"', String.Double, '#pop'),
            (r'\n', Whitespace, '#pop'),
            include('text'),
            (r'[^"\\{\n]+', String.Double),
            (r'.', String.Double),
        ],
        'block': [
            (r'"""', String.Double, '#pop'),
            include('text'),
            (r'[^"\\{]+', String.Double),
            (r'"', String.Double),
        ],
        'raw': [
            (r'"', String.Double, '#pop'),
            (r'\n', Whitespace, '#pop'),
            (r'[^"\n]+', String.Double),
        ],
        'rawblock': [
            (r'"""', String.Double, '#pop'),
            (r'[^"]+', String.Double),
            (r'"', String.Double),
        ],
        'value': [
            (r'\}', String.Interpol, '#pop'),
            (r':[^}"\n]*(?=\})', String.Interpol),
            (r'[(\[{]', Punctuation, 'brackets'),
            include('code'),
            (r'[)\],;:.]', Punctuation),
            (r'.', Text),
        ],
        'brackets': [
            (r'[)\]}]', Punctuation, '#pop'),
            (r'[(\[{]', Punctuation, '#push'),
            include('code'),
            (r'[,;:.]', Punctuation),
            (r'.', Text),
        ],
    }
