"""Keras on TensorFlow: its layers in one compiled function that loops over the batches."""
import os

import common as c

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1")
import keras
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(c.THREADS)
tf.config.threading.set_inter_op_parallelism_threads(1)


def epochs(sizes, loss, rows, batch, optimizer, steps, kind):
    keras.config.set_floatx(kind)
    keras.config.set_dtype_policy(kind)
    W, b, x, t = c.start(sizes, rows, kind)
    hidden = "sigmoid" if sizes == [2, 2, 2] else "relu"
    layers = [keras.Input((sizes[0],))]
    layers += [keras.layers.Dense(n, hidden if i < len(W) - 1 else None) for i, n in enumerate(sizes[1:])]
    net = keras.Sequential(layers)
    net.set_weights([a for pair in zip(W, b) for a in pair])
    p = net.trainable_variables
    rule = keras.optimizers.SGD(0.1) if optimizer == "sgd" else keras.optimizers.Adam(0.001)
    rule.build(p)
    x, t = tf.constant(x), tf.constant(t)
    order = tf.constant(c.order(rows))

    @tf.function(jit_compile=False)
    def run():
        for s in tf.range(steps):
            at = s * batch % rows
            index = order[at:at + batch]
            X, T = tf.gather(x, index), tf.gather(t, index)
            with tf.GradientTape() as tape:
                z = net(X, training=True)
                if loss == "half_sse": cost = tf.reduce_sum((tf.sigmoid(z) - T)**2) / 2
                elif loss == "bce":
                    cost = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(T, z))
                else: cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(T, z))
            rule.apply(tape.gradient(cost, p), p)
    return run


c.measure_steps("keras", epochs)
