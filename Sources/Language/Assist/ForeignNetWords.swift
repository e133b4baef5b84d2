// Nets and their trainings in Keras, PyTorch, scikit-learn, MATLAB, R and courses.

extension ForeignWord {
  static let nets: [ForeignWord] = [
    ForeignWord(
      """
      Dense Linear LazyLinear MLP MLPNet Net NN ANN DNN network Network neural_network \
      NeuralNetwork neuralnet neuralnetwork nnet newff feedforwardnet fitnet dlnetwork mlpnet \
      multilayer_perceptron fullyConnectedLayer featureInputLayer layerGraph layer_dense FeedForward \
      feedforward feed_forward add_layer addLayer Layer Input InputLayer Module nnModule Chain
      """, "mlp [2,20,1] relu sigmoid builds a net", see: "mlp layers"),
    ForeignWord(
      "MLPClassifier patternnet Classifier classifier NeuralClassifier",
      "mlp [2,20,3] relu softmax builds a net", see: "mlp classify"),
    ForeignWord(
      "MLPRegressor Regressor regressor", "mlp [2,20,1] relu linear builds a net", see: "mlp"),
    ForeignWord(
      "Sequential keras_model_sequential ModuleList Functional",
      "mlp [2,20,1] relu sigmoid builds a net, sequential puts nets behind each other",
      see: "mlp sequential"),
    ForeignWord(
      "model Model net nn_model my_model mymodel",
      "a net has the name you give it: net = mlp [2,20,1] relu sigmoid", see: "mlp"),
    ForeignWord(
      """
      nn keras tensorflow tf torch pytorch sklearn flux Flux jax flax haiku mxnet caffe theano \
      torchvision tidymodels caret fastai lightning
      """, "nets are built in: mlp [2,20,1] relu sigmoid", see: "start mlp"),
    ForeignWord(
      """
      Conv Conv1d Conv2d Conv3d Conv1D Conv2D Conv3D CNN conv conv2d convolution MaxPool2d \
      MaxPooling2D AvgPool2d AveragePooling2D GlobalAveragePooling2D RNN LSTM GRU SimpleRNN lstm rnn \
      gru pooling Pooling kernel kernel_size padding Embedding embedding Transformer transformer Attention attention MultiheadAttention \
      MultiHeadAttention autoencoder Autoencoder VAE GAN gan UNet ResNet resnet BERT GPT
      """,
      "there are multi-layer perceptrons here, layers of units all connected: mlp [784,64,10] relu softmax",
      see: "mlp layers"),
    ForeignWord(
      "Dropout AlphaDropout layer_dropout dropout drop_out",
      "dropout is an option of a net: mlp [2,20,1] relu sigmoid dropout=0.2; dropout_mask shows whom "
        + "a step left out",
      see: "mlp dropout_mask regularisation"),
    ForeignWord(
      "BatchNorm BatchNorm1d BatchNormalization LayerNorm LayerNormalization batchnorm batch_norm",
      "standardize gives features one size; there are no layers for it", see: "standardize"),
    ForeignWord(
      "hidden hidden_layer hidden_layers hidden_units hidden_size n_hidden",
      "the sizes between the first and the last are hidden layers: mlp [2,20,20,1] relu sigmoid",
      see: "layers mlp"),
    ForeignWord(
      "Flatten view reshape_input flatten_layer", "rows of data are vectors already", see: "data"),
    ForeignWord(
      "RBM boltzmann hopfield Hopfield kohonen SOM som newsom rbf RBF newrb",
      "there are multi-layer perceptrons and perceptrons here: mlp, perceptron",
      see: "mlp perceptron"),
    ForeignWord(
      "LogisticRegression logistic_regression logit glm glmnet LogisticRegressionCV",
      "a logistic regression is a net of one layer: mlp [2,1] sigmoid", see: "mlp train"),
    ForeignWord(
      "LinearRegression linear_regression lm fitlm polyfit Ridge Lasso ElasticNet regress lstsq OLS",
      "a linear regression is a net of one layer: mlp [2,1] linear; l2= and l1= of train hold weights back",
      see: "mlp train solve"),
    ForeignWord(
      """
      SVC SVM svm SVR DecisionTreeClassifier DecisionTree RandomForestClassifier randomForest \
      RandomForest rpart ctree xgboost XGBClassifier GradientBoostingClassifier KNeighborsClassifier \
      KNN knn GaussianNB naiveBayes KMeans kmeans hclust DBSCAN PCA pca prcomp princomp TSNE tsne UMAP \
      LDA lda qda
      """, "nets are the only models here: mlp [2,20,3] relu softmax", see: "mlp"),
    ForeignWord(
      """
      ReLU Relu RELU ReLU6 relu6 poslin layer_activation_relu
      """, "relu x, and the word relu behind the sizes of mlp", see: "relu activations"),
    ForeignWord(
      "expit logsig sigmoidal sigmoide Sigmoid logistic_function sigma sig plogis",
      "the logistic function is sigmoid x", see: "sigmoid activations"),
    ForeignWord(
      "tansig Tanh hyperbolic_tangent", "the hyperbolic tangent is tanh x",
      see: "tanh activations"),
    ForeignWord(
      "purelin identity_activation", "the identity of an output is linear", see: "linear"),
    ForeignWord(
      "hardlim hardlims Heaviside unit_step unitstep binary_step",
      "the step of a threshold unit is step x", see: "step perceptron"),
    ForeignWord(
      "LeakyReLU Leaky_ReLU lrelu", "leaky x, and the word leaky behind the sizes of mlp",
      see: "leaky"),
    ForeignWord(
      "Softmax Softplus softmax_cross_entropy LogSoftmax soft_max normalised_exponential",
      "softmax z gives shares that add up to 1, and the word softmax behind the sizes of mlp",
      see: "softmax activations"),
    ForeignWord(
      "Activation activation activation_function nonlinearity transferFcn transfer_function",
      "activations are the words behind the sizes: mlp [2,20,1] relu sigmoid", see: "activations"),
    ForeignWord(
      "get_weights getwb coef_ coefs_ state_dict named_parameters get_parameters layer_weights wts",
      "the weights of the first layer are net.W1, its biases net.b1", see: "weights"),
    ForeignWord(
      "set_weights setwb load_state_dict set_parameters",
      "net.W1 = [1, 2; 3, 4] sets the weights of a layer", see: "weights"),
    ForeignWord(
      """
      init_weights xavier_uniform_ xavier_normal_ kaiming_normal_ kaiming_uniform_ GlorotUniform \
      HeNormal RandomNormal RandomUniform initialize initialise kernel_initializer bias_initializer
      """, "first weights are an option: mlp [2,20,1] relu sigmoid init=he",
      see: "initialization"),
    ForeignWord(
      "manual_seed set_seed random_state rng setseed set_random_seed RandomState default_rng",
      "seed 7 begins all random numbers; mlp, data sets and train take seed=7, too", see: "seed"),
    ForeignWord(
      "plot_model plotnet plotnn view_net torchsummary torchinfo model_summary count_params",
      "show net draws a net, summary net lists its layers", see: "show summary"),
    ForeignWord(
      "draw visualize visualise picture image display_net diagram paint render",
      "show net draws a net, plot x y a curve", see: "show plot pictures"),
    ForeignWord(
      "predict_proba predict_classes infer compute sim activate __call__ model_predict answer_of",
      "net [0.5, 1] answers one row, predict net data all rows, classify names classes",
      see: "predict classify"),
    ForeignWord(
      "clone deepcopy clone_model deep_copy clone_net", "copy net copies a net", see: "copy"),
    ForeignWord(
      "decision_boundary decisionboundary plot_decision_boundary plot_decision_regions decision_map",
      "show net data draws what a net of two inputs answers everywhere", see: "show boundary"),
    ForeignWord(
      "feature_importance feature_importances_ shap SHAP lime permutation_importance saliency",
      "explain net data says why; show net data view=gradients draws what weights get",
      see: "explain show"),
  ]

  static let training: [ForeignWord] = [
    ForeignWord(
      """
      learn teach optimize optimise training fit_generator fit_net partial_fit train_on_batch \
      train_step trainNetwork trainnet trainlm traingd traingdm traingdx trainscg trainbr train_model \
      train_network run_training Trainer do_training fit_model optim_step caret_train
      """, "train net data trains a net", see: "train"),
    ForeignWord(
      "compile configure build_model", "a net needs no compiling: train net data optimizer=adam",
      see: "train optimizers"),
    ForeignWord(
      "backprop backpropagate backpropagation back_propagation backward_pass back_prop",
      "grad E w gives a derivative, explain says why, train net data learns",
      see: "backpropagation explain"),
    ForeignWord("backward", "grad E gives the derivatives", see: "backpropagation grad"),
    ForeignWord(
      """
      gradient gradients grads autograd GradientTape jacobian Jacobian hessian Hessian nabla \
      value_and_grad requires_grad
      """, "grad E w gives a derivative", see: "grad"),
    ForeignWord(
      "derivative diff differentiate differentiation_of deriv derive_by ableitung derivee dfdx",
      "grad E w gives a derivative, f' that of a function", see: "grad"),
    ForeignWord(
      """
      dy dE df dL dJ dloss dydx dEdw dw db dx dz da
      """, "grad y x gives the derivative of y by x, f' that of a function", see: "grad"),
    ForeignWord(
      "chain_rule chainrule", "explain E w writes the chain rule with names and numbers",
      see: "explain backpropagation"),
    ForeignWord(
      "checkgrad check_grad grad_check gradient_check numerical_gradient numericalgradient gradtest",
      "gradcheck net data compares derivatives with differences", see: "gradcheck"),
    ForeignWord(
      "zero_grad no_grad detach retain_graph", "grad E w begins from 0 each time", see: "grad"),
    ForeignWord(
      "update update_weights optimizer_step apply_gradients train_one_step gradient_step",
      "descend net data lr=0.1 makes one step", see: "descend"),
    ForeignWord(
      "optim optimizer optimiser Optimizer optimizers_list solver minimize minimise fminunc fmincg fminsearch",
      "an optimizer is chosen by an option: train net data optimizer=adam", see: "optimizers"),
    ForeignWord(
      "LBFGS lbfgs Nadam nadam Adadelta adadelta Adamax adamax Ftrl Rprop trainrp Nesterov",
      "the optimizers here are those that help optimizers lists: train net data optimizer=adam",
      see: "optimizers"),
    ForeignWord(
      """
      lr_scheduler LearningRateScheduler ReduceLROnPlateau StepLR ExponentialLR CosineAnnealingLR \
      OneCycleLR scheduler lr_decay learning_rate_decay annealing
      """, "a schedule is chosen by an option: train net data schedule=cosine",
      see: "schedules"),
    ForeignWord(
      "learning_rate eta alpha lr stepsize learnrate learningrate rate lernrate",
      "a learning rate has the name you give it, or is an option: lr=0.1", see: "eta"),
    ForeignWord(
      "EarlyStopping early_stopping earlystopping early_stop",
      "train net data valid=0.3 patience=20 stops early and takes the best weights back",
      see: "patience"),
    ForeignWord(
      "ModelCheckpoint callbacks Callback callback TensorBoard tensorboard wandb mlflow checkpoints",
      "train takes until=, checkpoint=, log= and plot=", see: "train"),
    ForeignWord(
      "criterion loss_function lossfn loss_fn cost costfunction cost_function objective error_function",
      "a loss is chosen by an option: mlp [2,3,1] loss=mse", see: "losses"),
    ForeignWord(
      "MSELoss MSE mean_square_error rmse RMSE L2Loss squared_error squared_loss sum_of_squares_error",
      "the mean squared error is mse y t, as an option loss=mse", see: "mse losses"),
    ForeignWord(
      "L1Loss MAE SmoothL1Loss HuberLoss huber_loss", "mae y t and huber y t are losses, too",
      see: "losses"),
    ForeignWord(
      """
      CrossEntropyLoss CrossEntropy crossentropy sparse_categorical_crossentropy NLLLoss nll_loss \
      CategoricalCrossentropy log_loss logloss negative_log_likelihood softmax_cross_entropy_with_logits
      """, "ce y t is the loss of softmax over several classes; it is chosen by itself", see: "ce"),
    ForeignWord(
      "BCELoss BCEWithLogitsLoss BCE BinaryCrossentropy binary_loss bceloss",
      "bce y t is the loss of one sigmoid output; it is chosen by itself", see: "bce"),
    ForeignWord("HingeLoss hinge_loss MarginRankingLoss", "hinge y t is a loss, too", see: "hinge"),
    ForeignWord(
      "regularizers regularizer kernel_regularizer L1 L2 l1_l2 regularisation_term penalty_term",
      "l2=0.01 and l1=0.01 are options of train", see: "regularisation"),
    ForeignWord(
      "clip_grad_norm_ clipnorm clipvalue clip_gradients gradient_clipping",
      "clip=1 is an option of train", see: "train"),
    ForeignWord(
      """
      evaluate eval score accuracy_score model_evaluate performance perform metric metrics \
      evaluation quality goodness
      """, "accuracy net data, loss net data and report net data measure a net",
      see: "accuracy report"),
    ForeignWord(
      "test testing tests_of test_net",
      "accuracy net data, loss net data and report net data measure a net; check c says whether c holds",
      see: "accuracy check"),
    ForeignWord(
      "confusion_matrix confusionmat plotconfusion confusionMatrix confusionchart ConfusionMatrixDisplay",
      "confusion net data counts what was taken for what", see: "confusion"),
    ForeignWord(
      "classification_report precision_score recall_score f1_score fbeta_score sensitivity specificity",
      "precision, recall and f1 measure a net of classes, report all of them", see: "report"),
    ForeignWord("r2_score r_squared rsquared R2", "r2 net data is the share explained", see: "r2"),
    ForeignWord(
      "roc_auc_score roc_curve ROC roc plotroc AUROC", "auc net data is the area under the curve",
      see: "auc"),
    ForeignWord(
      "error_rate errorrate misclassification", "1 - accuracy(net, data) is the share of errors",
      see: "accuracy"),
    ForeignWord(
      """
      cross_val_score cross_validate cross_validation crossvalidation KFold StratifiedKFold cv CV \
      crossvalind cvpartition kfoldLoss cross_val_predict LeaveOneOut
      """, "crossval and kfold use every row once", see: "crossval kfold"),
    ForeignWord(
      """
      GridSearchCV RandomizedSearchCV grid_search gridsearch hyperparameter_search optuna KerasTuner \
      tune tuning hyperparameter hyperparameters
      """, "sweep trains a net with many settings and says which was best", see: "sweep lrfind"),
    ForeignWord(
      "lr_finder LRFinder find_lr lr_range_test", "lrfind net data tries many rates", see: "lrfind"),
    ForeignWord(
      "learning_curve plotperform plot_history loss_curve losscurve training_curve plot_loss loss_curve_",
      "show run draws the losses of a training: run = train net data; show run", see: "show"),
    ForeignWord(
      "verbose progress progress_bar tqdm", "quiet=true keeps a training silent", see: "train"),
  ]
}
