using LamassuAwsConnector.Core.DeviceManufacturing;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

public sealed class JitpTemplateNamesTests
{
    [Theory]
    [InlineData("dms-1")]
    [InlineData("123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("A_b")]
    public void An_id_that_is_a_template_name_is_the_name(string id) => Assert.Equal(id, JitpTemplateNames.Of(id));

    // The name must never change: it finds templates that were made by an earlier version.
    [Theory]
    [InlineData("plant.north", "plant-north-7ab7cab10b804162415d")]
    [InlineData("123e4567-e89b-12d3-a456-4266141740001", "123e4567-e89b-1-")]
    [InlineData("dms-1\n", "dms-1--")]
    [InlineData("", "-")]
    public void Any_other_id_gets_its_beginning_and_a_hash_of_the_whole(string id, string beginning)
    {
        var name = JitpTemplateNames.Of(id);

        Assert.StartsWith(beginning, name, StringComparison.Ordinal);
        Assert.Matches(@"\A[0-9A-Za-z_-]{1,36}\z", name);
        Assert.Equal(name, JitpTemplateNames.Of(id));
    }

    [Fact]
    public void Two_ids_never_share_a_name()
    {
        var ids = Enumerable.Range(0, 20_000).Select(number => $"the-same-long-beginning-of-all-these-ids-{number}").ToList();

        Assert.Equal(ids.Count, ids.Select(JitpTemplateNames.Of).Distinct().Count());
    }

    [Theory]
    [InlineData("Plant north", "Plant north")]
    [InlineData(" a\u0000\u200bb\n", "a b")]
    [InlineData("", "id")]
    [InlineData(null, "id")]
    [InlineData("\u0007", "id")]
    public void A_description_is_the_name_without_what_AWS_refuses(string? name, string description) =>
        Assert.Equal(description, JitpTemplateNames.Description(name, "id"));
}
