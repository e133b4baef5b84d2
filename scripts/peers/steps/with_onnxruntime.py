"""onnxruntime, which predicts only."""
import common as c
import numpy as np
import onnx.helper as oh
import onnxruntime

work = f"{c.PREDICTION} float32"
if c.wanted(work):
    W, b, x, _ = c.start([784, 256, 128, 10], 20_000, np.float32)
    nodes, arrays, last = [], [], "x"
    for i, (w, a) in enumerate(zip(W, b)):
        arrays += [oh.make_tensor(f"W{i}", 1, w.shape, w.tobytes(), raw=True),
                   oh.make_tensor(f"b{i}", 1, a.shape, a.tobytes(), raw=True)]
        nodes.append(oh.make_node("Gemm", [last, f"W{i}", f"b{i}"], [f"z{i}"]))
        last = f"z{i}"
        if i < 2:
            nodes.append(oh.make_node("Relu", [last], [f"a{i}"]))
            last = f"a{i}"
    value = lambda name, width: oh.make_tensor_value_info(name, 1, [None, width])
    model = oh.make_model(oh.make_graph(nodes, "net", [value("x", 784)], [value(last, 10)], arrays),
                          opset_imports=[oh.make_opsetid("", 13)], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = c.THREADS
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    c.report(work, "onnxruntime", c.best(lambda: session.run(None, {"x": x}), 1))
