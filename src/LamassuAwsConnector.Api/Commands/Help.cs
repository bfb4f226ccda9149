namespace LamassuAwsConnector.Api.Commands;

internal static class Help
{
    public const string Switch = "--help";

    public const string Text =
        """
        Keeps an AWS IoT Core account in step with a Lamassu PKI.

          --check-config        print the configuration in effect, without secrets, and all that is wrong with it; start nothing
          --print-iam-policy    print the IAM policies that the connector needs; start nothing
          --help                print this
          --KEY VALUE           set an option, e.g. --aws_config:region eu-west-1

        The configuration is the YAML file that LAMASSU_CONFIG_FILE names, else /etc/lamassuiot/config.yml where there is one;
        environment variables go before it (AWS_CONFIG__REGION=eu-west-1), and the command line before both.
        All options are in docs/configuration.md.
        """;
}
