<?php
// Judges answers to questions of STACK with its own engine, without Moodle.
//
//   php stack.php STACK-FOLDER WORK-FOLDER <JOB.json
//
// The job has the field xml, a file of questions, and the list cases: each with the place of its question,
// a seed and answers by the names of the inputs; a case with the field tests runs the question's own tests
// for that seed instead. Written is a list of what came out: text, and scores, notes and feedback of the
// trees by their names; or passed and failed.

// The engine warns of much that its stand-in for Moodle does not have.
error_reporting(E_ERROR | E_PARSE);
ini_set('memory_limit', '1G');

[, $stack, $work] = $argv;
$stack = realpath($stack);
foreach (["$work/api/public", "$work/data", "$work/moodle/question/type"] as $folder) {
    if (!is_dir($folder)) {
        mkdir($folder, 0777, true);
    }
}
$work = realpath($work);
// Maxima looks for the engine where Moodle would have it.
if (!file_exists("$work/moodle/question/type/stack")) {
    symlink($stack, "$work/moodle/question/type/stack");
}

// The sample of the settings, as someone who installs the engine changes it.
$settings = file_get_contents("$stack/api/config_sample.txt");
$changes = [
    'dirroot' => "$work/moodle", 'dataroot' => "$work/data", 'maximalocalfolder' => "$work/data/maxima/",
    'platform' => 'linux', 'maximaversion' => getenv('BP_MAXIMA') ?: '5.46.0', 'castimeout' => 60,
    'maximacommand' => 'maxima', 'maximacommandopt' => '', 'casresultscache' => 'none', 'casdebugging' => 0,
    'libdir' => "$stack/api/emulation/libdir",
];
foreach ($changes as $name => $value) {
    $settings .= "\n\$CFG->$name = " . var_export($value, true) . ';';
}
file_put_contents("$work/api/config.php", $settings);

function make_upload_directory($name) {
    global $CFG;
    $folder = "$CFG->dataroot/$name";
    if (!is_dir($folder)) {
        mkdir($folder, 0777, true);
    }
    return $folder;
}

// Of the extension intl, which is not asked for.
if (!function_exists('locale_lookup')) {
    function locale_lookup() {
        return 'en';
    }
}

// Its files name each other from the folder of its pages.
chdir("$work/api/public");
set_include_path("$stack/api/public:$stack/api/emulation:/usr/share/php");
require_once('Symfony/Component/Yaml/autoload.php');
require_once('Parsedown/Parsedown.php');
require_once("$stack/api/emulation/MoodleEmulation.php");
require_once("$stack/api/util/StackQuestionLoader.php");
require_once("$stack/api/util/StackSeedHelper.php");
require_once("$stack/api/controller/TestController.php");
require_once("$stack/stack/cas/installhelper.class.php");

use api\controller\TestController;
use api\util\StackQuestionLoader;
use api\util\StackSeedHelper;

stack_cas_configuration::create_maximalocal();
// An image of Maxima with the engine loaded, where its Lisp can save one, begins ten times sooner.
[, $debug, $works] = stack_connection_helper::stackmaxima_genuine_connect();
if ($works) {
    [, , $works, $command] = stack_connection_helper::stackmaxima_auto_maxima_optimise($debug);
    if ($works) {
        $CFG->platform = 'linux-optimised';
        $CFG->maximacommandopt = $command;
        stack_utils::get_config()->platform = $CFG->platform;
        stack_utils::get_config()->maximacommandopt = $command;
        stack_cas_configuration::create_maximalocal();
    }
}

/** The questions of a file, each as a file of its own: the engine takes one at a time. */
function questions($xml) {
    $found = [];
    foreach ((new SimpleXMLElement($xml))->question as $question) {
        if ((string) $question['type'] === 'stack') {
            $found[] = "<quiz>" . $question->asXML() . "</quiz>";
        }
    }
    return $found;
}

function begun($xml, $seed) {
    $loaded = StackQuestionLoader::loadxml($xml, true);
    $question = $loaded['question'];
    StackSeedHelper::initialize_seed($question, $seed);
    $question->initialise_question_from_seed();
    if (!empty($question->runtimeerrors)) {
        throw new Exception(implode("\n", array_keys($question->runtimeerrors)));
    }
    $question->castextprocessor = new castext2_qa_processor(new stack_outofcontext_process());
    return [$question, $loaded['testcases']];
}

function judged($question, $answers) {
    $trees = [];
    foreach ($question->prts as $name => $tree) {
        $result = $question->get_prt_result($name, $answers, true);
        $trees[$name] = [
            'score' => $result->get_score(), 'notes' => $result->get_answernotes(),
            'feedback' => $result->apply_placeholder_holder($result->get_feedback()),
            'errors' => array_map('strval', (array) $result->get_errors()),
        ];
    }
    $text = $question->questiontextinstantiated;
    return [
        'text' => $text->apply_placeholder_holder($text->get_rendered($question->castextprocessor)),
        'trees' => $trees,
    ];
}

$job = json_decode(stream_get_contents(STDIN), true);
$questions = questions(file_get_contents($job['xml']));
$written = [];
foreach ($job['cases'] as $case) {
    try {
        [$question, $tests] = begun($questions[$case['question']], $case['seed']);
        if (isset($case['tests'])) {
            $result = (new TestController())->qtype_stack_test_question($question, $tests, $case['seed']);
            $failed = [];
            foreach ($result['outcomes'] as $number => $outcome) {
                if (!$outcome['passed']) {
                    $failed[] = "test $number: " . json_encode($outcome['outcomes']);
                }
            }
            $written[] = ['passed' => $result['passes'], 'failed' => $failed, 'messages' => $result['messages']];
        } else {
            $written[] = judged($question, $case['answers']);
        }
    } catch (Throwable $error) {
        $written[] = ['error' => $error->getMessage() . ' (' . basename($error->getFile()) . ':'
            . $error->getLine() . ')'];
    }
}
echo json_encode($written, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
