package dev.quern.cli.completion;

import dev.quern.cli.store.KnownModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes a script that completes the command in bash, and in zsh as bash does: commands, options, what options take,
 * the names of models that are kept when it is asked, and files.
 */
public final class CompletionScript {
    private static final String HEAD = """
            # Completes quern in bash and zsh:
            #   source <(quern completion)

            if [ -n "${ZSH_VERSION-}" ]; then
                autoload -U +X compinit && compinit
                autoload -U +X bashcompinit && bashcompinit
            fi

            _quern_models() {
                printf '%s\\n' KNOWN
                command ls "${QUERN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/quern}/models" 2>/dev/null | sed -n 's/\\.gguf$//p'
            }

            _quern_add() {
                while IFS= read -r each; do
                    COMPREPLY+=("$joined$each")
                done
            }

            _quern() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= options= values= kind= joined= at each
                COMPREPLY=()
                # bash takes --option=value for three words.
                if [ "$word" = = ]; then
                    word=
                elif [ "$before" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
                    before=${COMP_WORDS[COMP_CWORD-2]}
                fi
                # zsh takes it for one, and so does a bash that is told not to split words there.
                case $word in
                    --*=*)
                        before=${word%%=*}
                        joined=$before=
                        word=${word#*=}
                        ;;
                esac
                for ((at = 1; at < COMP_CWORD; at++)); do
                    case ${COMP_WORDS[at]} in
                        COMMANDS)
                            command=${COMP_WORDS[at]}
                            break
                            ;;
                    esac
                done
                case $command in
            """;

    private static final String TAIL = """
                esac
                case $kind in
                    values) _quern_add < <(compgen -W "$values" -- "$word") ;;
                    files) ;;
                    nothing) compopt +o default 2>/dev/null ;;
                    *)
                        case $word in
                            -*) _quern_add < <(compgen -W "$options" -- "$word") ;;
                            *)
                                if [ "$kind" = models ]; then
                                    _quern_add < <(compgen -W "$(_quern_models | sort -u)" -- "$word")
                                    _quern_add < <(compgen -f -- "$word")
                                    compopt -o filenames 2>/dev/null
                                else
                                    _quern_add < <(compgen -W "$values" -- "$word")
                                fi
                                ;;
                        esac
                        ;;
                esac
                return 0
            }

            complete -o default -F _quern quern ./quern
            """;

    private CompletionScript() {}

    /** The script for a command with all that it has. */
    public static String of(CommandLine root) {
        List<String> commands = visible(root).stream().map(Map.Entry::getKey).toList();
        StringBuilder script = new StringBuilder(HEAD.replace(
                        "KNOWN",
                        String.join(
                                " ",
                                KnownModel.ALL.stream().map(KnownModel::name).toList()))
                .replace("COMMANDS", String.join(" | ", commands)));
        script.append("        '')\n");
        script.append("            options=\"")
                .append(options(root.getCommandSpec()))
                .append("\"\n");
        script.append("            values=\"")
                .append(String.join(" ", commands))
                .append("\"\n");
        script.append("            ;;\n");
        visible(root)
                .forEach(
                        entry -> append(script, entry.getKey(), entry.getValue().getCommandSpec(), commands));
        return script.append(TAIL).toString();
    }

    private static List<Map.Entry<String, CommandLine>> visible(CommandLine root) {
        return root.getSubcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .toList();
    }

    private static void append(StringBuilder script, String name, CommandSpec spec, List<String> commands) {
        script.append("        ").append(name).append(")\n");
        script.append("            options=\"").append(options(spec)).append("\"\n");
        String positional = positional(spec);
        if (positional.equals("commands")) {
            script.append("            values=\"")
                    .append(String.join(" ", commands))
                    .append("\"\n");
        } else {
            script.append("            kind=").append(positional).append('\n');
        }
        List<OptionSpec> taking = spec.options().stream()
                .filter(option -> option.arity().max() > 0)
                .toList();
        if (!taking.isEmpty()) {
            script.append("            case $before in\n");
            taking.forEach(option -> append(script, option));
            script.append("            esac\n");
        }
        script.append("            ;;\n");
    }

    private static void append(StringBuilder script, OptionSpec option) {
        List<String> values = values(option);
        String kind = !values.isEmpty() ? "values" : option.type() == Path.class ? "files" : "nothing";
        script.append("                ")
                .append(String.join(" | ", option.names()))
                .append(") kind=")
                .append(kind);
        if (!values.isEmpty()) {
            script.append(" values=\"").append(String.join(" ", values)).append('"');
        }
        script.append(" ;;\n");
    }

    /** What the words are that stand by themselves; the label says whether a model's name is one. */
    private static String positional(CommandSpec spec) {
        List<? extends ArgSpec> parameters = spec.positionalParameters();
        if (parameters.stream().anyMatch(each -> each.paramLabel().contains("NAME"))) {
            return "models";
        }
        if (parameters.stream().anyMatch(each -> each.paramLabel().equals("COMMAND"))) {
            return "commands";
        }
        return parameters.isEmpty() ? "nothing" : "files";
    }

    private static String options(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            Arrays.stream(option.names()).filter(name -> name.startsWith("--")).forEach(names::add);
            if (option.negatable()) {
                names.addAll(Arrays.stream(option.names())
                        .filter(name -> name.startsWith("--"))
                        .map(name -> name.startsWith("--no-") ? "--" + name.substring(5) : "--no-" + name.substring(2))
                        .toList());
            }
        }
        return String.join(" ", names.stream().sorted().distinct().toList());
    }

    private static List<String> values(OptionSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        if (candidates == null) {
            return List.of();
        }
        return StreamSupport.stream(candidates.spliterator(), false)
                .map(each -> option.type().isEnum() ? each.toLowerCase(Locale.ROOT) : each)
                .toList();
    }
}
