package dev.quern.cli.habits;

import java.util.List;
import java.util.Optional;

/** The words of other programs, and what people who type them want. */
final class Habits {
    private static final String LEAVE_OUT = " Leave it out.";

    private static final String PULL = "A model of huggingface.co is pulled by the address of its file: 'quern pull"
            + " https://huggingface.co/USER/REPOSITORY/resolve/main/FILE.gguf'.";

    private static final String TALK = "'quern chat MODEL' talks with the model, in its own template.";

    /** Commands, as ollama, llama.cpp and the hub's tools have them. */
    static final List<Habit> COMMANDS = List.of(
            Habit.answered(
                    "list models",
                    "'quern ls' lists the models and bundles that are here, 'quern pull' those that have names."),
            Habit.answered(
                    "serve server start api llama-server openai",
                    "Quern has no server for other programs. 'quern web MODEL' serves a page that runs the model in the"
                            + " browser."),
            Habit.answered(
                    "generate complete completion infer predict prompt text llama-cli cli main",
                    "'quern run MODEL -p TEXT' continues a text."),
            Habit.answered("ask talk converse conversation interactive", TALK),
            Habit.answered(
                    "create build import convert quantize quantise llama-quantize",
                    "A GGUF file is run as it is: 'quern run model.gguf'. Quern converts and quantises nothing;"
                            + " 'quern compile model.gguf' makes a bundle of it."),
            Habit.answered(
                    "ps stop kill unload load status launch",
                    "Nothing of Quern stays in the background: a command ends with its work, so there is nothing to"
                            + " list or to stop."),
            Habit.answered(
                    "push upload signin signout login logout whoami auth",
                    "Quern uploads nothing and has no accounts. The token for huggingface.co goes into HF_TOKEN, as"
                            + " 'quern pull --help' says."),
            Habit.answered("info metadata dump gguf-dump", "'quern inspect MODEL' shows what a file holds."),
            Habit.answered("remove delete uninstall del", "'quern rm NAME' removes a model with its bundles."),
            Habit.answered("clean clear gc cache", "'quern prune' removes what will not be used again."),
            Habit.answered(
                    "cp copy mv rename tag",
                    "A model is a file: copy it, or pull it under another name with 'quern pull ADDRESS --as NAME'."),
            Habit.answered("download fetch get install add", "'quern pull NAME' fetches a model by name. " + PULL),
            Habit.answered(
                    "search find",
                    "Quern searches no hub. 'quern pull' lists the models that have names; any other is pulled by the"
                            + " address of its file."),
            Habit.answered(
                    "bench benchmark llama-bench perf",
                    "'quern run MODEL -p TEXT -n 128' ends with what it cost; with --json, as numbers."),
            Habit.answered(
                    "perplexity ppl eval score logprobs",
                    "'quern logits MODEL -f text.txt -o FILE' writes the logits behind every token."),
            Habit.answered("embed embedding embeddings", "Quern computes no embeddings."),
            Habit.answered("detokenize detokenise decode", "'quern tokenize MODEL --decode' turns ids into text."),
            Habit.answered("encode", "'quern tokenize MODEL TEXT' turns text into ids."),
            Habit.answered("gpu gpus list-devices doctor env system", "'quern devices' lists what models can run on."),
            Habit.answered("check validate test", "'quern verify FILE' checks a file."),
            Habit.answered(
                    "update upgrade self-update", "Quern runs out of its checkout: 'git pull' there updates it."));

    /** Options. */
    static final List<Habit> OPTIONS = List.of(
            Habit.called("-c --ctx-size --ctx --n-ctx --num-ctx --context-length --max-model-len", "--context"),
            Habit.called(
                    "-n --predict --n-predict --num-predict --max-tokens --max-new-tokens --new-tokens", "--tokens"),
            Habit.called("-s --random-seed", "--seed"),
            Habit.called("--temp", "--temperature"),
            Habit.called("-r --reverse-prompt --stop-sequence --stop-string --stop-token", "--stop"),
            Habit.called("-ctk -ctv --cache-type* --kv-cache-dtype --kv-type --cache-dtype", "--cache"),
            Habit.called("--format --output-format", "--json"),
            Habit.called("-bf --binary-file --prompt-file --input-file", "--file"),
            Habit.called("--out --output-file --outfile", "--output"),
            Habit.called("-sp --special", "--parse-special"),
            Habit.answered("-m --model --model-path", "The model is the argument itself: 'quern COMMAND MODEL'."),
            Habit.answered("-hf* --hf-repo --hf-file -mu --model-url --repo-id -dr --docker-repo", PULL),
            Habit.answered("--hf-token --token", "The token for huggingface.co goes into the variable HF_TOKEN."),
            Habit.answered(
                    "-ngl -ngld --gpu-layers --n-gpu-layers --num-gpu --gpu -sm --split-mode -ts --tensor-split -ot"
                            + " --override-tensor -cmoe --cpu-moe -ncmoe --n-cpu-moe -nkvo -kvo --no-kv-offload"
                            + " --kv-offload --op-offload --no-op-offload --offload* -fit* --fit* --device-map --rpc",
                    "The whole model runs on one device." + LEAVE_OUT),
            Habit.answered(
                    "-dev --device -mg --main-gpu --list-devices",
                    "'quern devices' lists the devices; QUERN_ADAPTER=NAME chooses one by a part of its name."),
            Habit.answered(
                    "-t --threads -tb --threads-batch --num-thread --num-threads --cpu* -C -Cr -Cb -Crb --prio* --poll*"
                            + " --numa",
                    "How many threads work is the driver's affair." + LEAVE_OUT),
            Habit.answered(
                    "-fa --flash-attn --flash-attention --attn-implementation --swa-full",
                    "Attention is one kernel on every device, and needs no switch." + LEAVE_OUT),
            Habit.answered(
                    "--mlock --mmap --no-mmap -dio -ndio --direct-io --no-direct-io -lm --load-mode -nr --repack"
                            + " --no-repack --no-host",
                    "Weights lie in the bundle as the device wants them, and are on it while a model runs."
                            + LEAVE_OUT),
            Habit.answered(
                    "-b --batch-size -ub --ubatch-size --n-batch --num-batch",
                    "How many tokens of a prompt are read at a time is decided when the model is compiled."
                            + LEAVE_OUT),
            Habit.answered(
                    "-np --parallel -cb --cont-batching --num-parallel",
                    "One sequence is generated at a time." + LEAVE_OUT),
            Habit.answered(
                    "--rope-* --yarn-* --override-kv -gan -gaw --grp-attn*",
                    "The model is run as its file says, and no key of it can be overridden here."),
            Habit.answered("--lora* --adapter --control-vector*", "Adapters are not supported."),
            Habit.answered("-mm --mmproj* --image --audio --video", "Quern reads text only."),
            Habit.answered("-md --model-draft --draft* --spec-*", "Drafting with a second model is not supported."),
            Habit.answered(
                    "--grammar* -j -jf --json-schema*", "Grammars and schemas for the answer are not supported."),
            Habit.answered(
                    "--typical* --mirostat* --dry-* --xtc-* --dynatemp-* --adaptive-* --top-nsigma --top-n-sigma"
                            + " --samplers --sampler-seq --sampling-seq -l --logit-bias --num-beams --tfs*",
                    "This way to choose tokens is not supported; 'quern run --help' lists those that are."),
            Habit.answered(
                    "--repeat-penalty --repetition-penalty --repeat-last-n --presence-penalty --frequency-penalty"
                            + " --no-repeat-ngram-size",
                    "Penalties are not supported by this command; 'quern run --help' lists how tokens are chosen."),
            Habit.answered("--do-sample", "Any option such as --temperature makes Quern draw tokens." + LEAVE_OUT),
            Habit.answered("--ignore-eos", "Generation ends where the model ends its text."),
            Habit.answered(
                    "-cnv --conversation -i --interactive -if -st --single-turn -ins --instruct -sys --system-prompt"
                            + " --system --chat --chat-template* --jinja --no-jinja",
                    TALK),
            Habit.answered("-no-cnv --no-conversation", "'quern run' takes a text as it is." + LEAVE_OUT),
            Habit.answered("--keep --context-shift --no-context-shift", "The context is not shifted." + LEAVE_OUT),
            Habit.answered("--host --api-key --cors", "'quern web' serves a page to this machine alone."),
            Habit.answered("--check-tensors", "'quern verify --weights MODEL' reads all weights."),
            Habit.answered(
                    "-v -lv --verbose --verbosity --debug --log-*",
                    "QUERN_DEBUG=1 shows what went wrong in full; 'quern run --json' has the figures."),
            Habit.answered("--offline", "What is kept is not asked for on the network." + LEAVE_OUT),
            Habit.answered(
                    "--color --simple-io --no-display-prompt --perf --no-perf --no-warmup --warmup -e --escape --no-escape"
                            + " --nowordwrap --keepalive --insecure --trust-remote-code --dtype --torch-dtype -dt"
                            + " --defrag-thold",
                    "Quern needs no such switch." + LEAVE_OUT));

    private Habits() {}

    static Optional<Habit> command(String name) {
        return COMMANDS.stream().filter(habit -> habit.matches(name)).findFirst();
    }

    static Optional<Habit> option(String name) {
        return OPTIONS.stream().filter(habit -> habit.matches(name)).findFirst();
    }
}
