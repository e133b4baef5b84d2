"""The tests that Jupyter has for every kernel.

usage: acceptance.py, with JUPYTER_PATH naming a folder in which the kernel bp is installed
"""
import unittest

import jupyter_kernel_test


class BPKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "bp"
    language_name = "bplang"
    file_extension = ".bp"
    code_hello_world = 'print "hello, world"'
    code_stderr = "check 1 == 2"
    completion_samples = [
        {"text": "net = mlp [2,20,1] rel", "matches": ["relu"]},
        {"text": "\\eta", "matches": ["η"]},
        {"text": "transp", "matches": ["transpose"]},
    ]
    complete_code_samples = ["1 + 1", "f(x) = x^2", "for i in 1..3 { print i }"]
    incomplete_code_samples = ["x = [1, 2,", "for i in 1..3 {", "f(x) = ", 'print """two']
    invalid_code_samples = ["x = )", "1 +* 2"]
    code_inspect_sample = "train"
    code_generate_error = "unknown + 1"
    code_execute_result = [
        {"code": "6*7", "result": "42"},
        {"code": "[1, 2] + 1", "result": "[2, 3]"},
    ]
    code_display_data = [
        {"code": "plot sigmoid", "mime": "image/svg+xml"},
        {"code": "plot sigmoid", "mime": "image/png"},
        {"code": "describe circles", "mime": "text/html"},
        {"code": "param w = 3; explain (w^2) w", "mime": "text/latex"},
    ]
    code_history_pattern = "6?7*"
    supported_history_operations = ("tail", "range", "search")
    code_clear_output = "clc"


if __name__ == "__main__":
    unittest.main(verbosity=2)
