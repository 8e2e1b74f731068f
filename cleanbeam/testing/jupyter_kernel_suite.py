"""Jupyter's own test suite for kernels (jupyter_kernel_test), run against the kernel named in CLEANBEAM_KERNEL."""

import os
import unittest

import jupyter_kernel_test


class CleanbeamKernel(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["CLEANBEAM_KERNEL"]
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_page_something = ""
    completion_samples = [
        {"text": "Math.sq", "matches": {"Math.sqrt"[5:]}},
        {"text": "gcl", "matches": {"gclean"}},
    ]
    complete_code_samples = ["1 + 1", "const a: number = 1", "for (const i of [1]) {\n  i\n}", "await Promise.resolve(1)"]
    incomplete_code_samples = ["for (const i of [1]) {", "f(", "`abc"]
    invalid_code_samples = ["let = 1 2", "f(]", "a b"]
    code_generate_error = "throw new RangeError('too far')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "const a: number = 2; a ** 10", "result": "1024"},
        {"code": "await Promise.resolve('later')", "result": "'later'"},
    ]
    code_display_data = [
        {
            "code": "await display(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==', 'base64'))",
            "mime": "image/png",
        }
    ]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "gclean"
    code_clear_output = "clearOutput()"


if __name__ == "__main__":
    unittest.main()
