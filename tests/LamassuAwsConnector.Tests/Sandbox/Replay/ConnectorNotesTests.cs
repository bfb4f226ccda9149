using LamassuAwsConnector.Sandbox.Replay;
using static LamassuAwsConnector.Tests.Sandbox.Replay.Messages;

namespace LamassuAwsConnector.Tests.Sandbox.Replay;

public sealed class ConnectorNotesTests
{
    [Theory]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":{"registration_mode":"auto","groups":["g"],"policies":[{"policy_name":"p","policy_document":"{}"}]}}""", "Auto g p False")]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":{"registration_mode":"JITP","jitp_config":{"enable_template":true}}}""", "Jitp   True")]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":{"registration_mode":"jitp","jitp_config":null,"groups":null}}""", "Jitp   False")]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":{}}""", "None   False")]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"group_names":["g","h"],"policies":[{"policy_name":"p","policy_document":"{}"}]}}""", "Auto g,h p False")]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"jitp_provisioning_template":{"enable_template":true}}}""", "Jitp   True")]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"jitp_provisioning_template":{"enable_template":false}}}""", "Auto   False")]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{},"lamassu.io/iot/aws.123456789012":{"registration_mode":"none"}}""", "None   False")]
    [InlineData("""{"lamassu.io/iot/other":{"registration_mode":"auto"}}""", "None   False")]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":"text"}""", "None   False")]
    public void A_DMS_is_read_in_both_dialects(string metadata, string expected)
    {
        var settings = ConnectorNotes.Dms(Json($$"""{"id":"dms","metadata":{{metadata}}}"""), ConnectorId);

        Assert.Equal(
            expected, $"{settings.Mode} {string.Join(',', settings.Groups)} {string.Join(',', settings.Policies.Select(policy => policy.Name))} {settings.TemplateEnabled}");
    }

    [Fact]
    public void A_DMS_without_metadata_is_not_the_connectors() =>
        Assert.Equal(RegistrationMode.None, ConnectorNotes.Dms(Json("""{"id":"dms","metadata":null}"""), ConnectorId).Mode);

    [Theory]
    [InlineData("""{"lamassu.io/iot/aws.123456789012":{"registration":{"status":"SUCCEEDED","primary_account":false}}}""", true, false)]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"registration":{"status":"succeeded"}}}""", true, true)]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"registration":{"status":"requested","primary_account":true}}}""", false, true)]
    [InlineData("""{"connectors.lamassu.io/aws.123456789012":{"registration":null}}""", false, true)]
    public void A_CA_is_read_in_both_dialects(string metadata, bool succeeded, bool primary)
    {
        var ca = Json($$"""{"id":"ca","metadata":{{metadata}}}""");

        Assert.Equal((succeeded, primary), (ConnectorNotes.RegistrationSucceeded(ca, ConnectorId), ConnectorNotes.IsPrimaryAccount(ca, ConnectorId)));
    }
}
